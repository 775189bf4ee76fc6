// Starts the real program for a browser test and stops it again.

import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const binary = process.env.GRULDEN || path.join(root, 'bin', 'grulden')
const patience = 180_000 // ms: the sample wijk has half a year of history to live through
const farewell = 15_000 // ms between asking the program to stop and its end
const run = promisify(execFile)

// grulden runs one command to its end and gives what it printed on stdout. A
// command that fails is an error with what it said.
export async function grulden(...args) {
  const { stdout } = await run(binary, args).catch((error) => {
    throw new Error(`grulden ${args.join(' ')} ended with ${error.code}:\n${error.stderr}${error.stdout}`)
  })
  return stdout
}

// startDemo gives a running sample wijk, on a port and in a folder of its own.
// Stop it in the test's after().
export async function startDemo() {
  const folder = await makeFolder()
  const program = new Program(['demo', '--port', '0', '--data', path.join(folder, 'data'), '--seed', '1'], folder)
  try {
    program.links = await invitation(program)
    program.url = new URL(program.links.desk).origin
    program.pin = (await program.line(/PIN is \d+/)).match(/PIN is (\d+)/)[1]
    program.statement = (await program.line(/statement.*\.xml/)).match(/\S+\.xml/)[0]
  } catch (error) {
    await program.stop().catch(() => {}) // what went wrong first is what counts
    throw error
  }
  return program
}

// invited are the lines by which the demo invites, for each who is meant.
const invited = {
  resident: /^ *resident +http/,
  shop: /^ *shop +http/,
  desk: /^ *desk +http/,
  treasurer: /^ *treasurer +http.*\(Penningmeester\)/,
  treasurer2: /^ *treasurer +http.*\(Tweede penningmeester\)/,
  board: /^ *board +http/,
  evaluator: /^ *evaluator +http/,
}

// invitation gives the link that the demo printed for each role.
async function invitation(program) {
  const links = {}
  for (const [name, line] of Object.entries(invited)) {
    links[name] = (await program.line(line)).match(/http\S+/)[0]
  }
  return links
}

// serve serves the ledger in a folder on a port, as if it were a certain time.
// Code and PIN are enough for everybody, unless factor says 'required'.
export async function serve(data, port, now, factor = 'optional') {
  const program = new Program(['serve', '--listen', `127.0.0.1:${port}`, '--data', data, '--now', now, '--second-factor', factor])
  try {
    await program.line(/serving .* on http/)
  } catch (error) {
    await program.stop().catch(() => {}) // what went wrong first is what counts
    throw error
  }
  return program
}

// makeFolder makes a folder for one ledger.
export function makeFolder() {
  return mkdtemp(path.join(tmpdir(), 'grulden-browser-'))
}

// Program is one running process. Its folder, if it has one, goes with it.
class Program {
  #lines = []
  #waiting = new Set()
  #ended

  constructor(args, folder) {
    this.folder = folder
    this.child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const kill = () => this.child.kill('SIGKILL') // when the tests are broken off
    process.once('exit', kill)
    for (const stream of [this.child.stdout, this.child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#hear(line))
    }
    this.#ended = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(`could not start: ${error.message}`))
      this.child.once('exit', (code, signal) => resolve(`ended with ${signal ?? code}`))
    }).finally(() => process.off('exit', kill))
  }

  #hear(line) {
    this.#lines.push(line)
    for (const wait of this.#waiting) wait(line)
  }

  // output is all that the program has said so far.
  get output() {
    return this.#lines.join('\n')
  }

  // line waits for a line that fits a pattern, said before or still to come.
  async line(pattern) {
    const said = this.#lines.find((line) => pattern.test(line))
    if (said) return said
    let wait, timer
    try {
      return await Promise.race([
        new Promise((resolve) => this.#waiting.add((wait = (line) => pattern.test(line) && resolve(line)))),
        this.#ended.then((how) => Promise.reject(new Error(`${binary} ${how} before it said ${pattern}:\n${this.output}`))),
        new Promise((_, reject) => {
          timer = setTimeout(() => reject(new Error(`no ${pattern} within ${patience} ms:\n${this.output}`)), patience)
        }),
      ])
    } finally {
      this.#waiting.delete(wait)
      clearTimeout(timer)
    }
  }

  // stop ends the program as an operator would, and removes its folder. A
  // program that has to be killed, or that ends in anger, is a fault.
  async stop() {
    let timer
    this.child.kill('SIGTERM')
    const late = new Promise((resolve) => (timer = setTimeout(resolve, farewell, 'late')))
    const how = await Promise.race([this.#ended, late])
    clearTimeout(timer)
    if (how === 'late') {
      this.child.kill('SIGKILL')
      await this.#ended
    }
    if (this.folder) await rm(this.folder, { recursive: true, force: true })
    if (how === 'late') throw new Error(`did not stop within ${farewell} ms of SIGTERM:\n${this.output}`)
    if (how !== 'ended with 0') throw new Error(`${how} on SIGTERM:\n${this.output}`)
  }
}

// freePort asks the system for a port that nobody listens on.
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
