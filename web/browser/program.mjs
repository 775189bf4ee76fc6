// Starts the real program for a browser test and stops it again.

import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const binary = process.env.GRULDEN || path.join(root, 'bin', 'grulden')
const patience = 180_000 // ms: the sample wijk has half a year of history to live through
const farewell = 15_000 // ms between asking the program to stop and its end

// The one place that knows how the sample wijk is started.
function demoArguments(port, data) {
  return ['demo', '--port', String(port), '--data', data, '--seed', '1']
}

const links = /https?:\/\/\S+/

// startDemo gives a running sample wijk, on a port and in a folder of its own.
// Stop it in the test's after().
export async function startDemo() {
  const folder = await mkdtemp(path.join(tmpdir(), 'grulden-browser-'))
  const program = new Program(demoArguments(await freePort(), path.join(folder, 'data')), folder)
  try {
    program.url = (await program.line(links)).match(links)[0]
  } catch (error) {
    await program.stop()
    throw error
  }
  return program
}

// Program is one running process; url is the first link that it printed.
class Program {
  #lines = []
  #waiting = new Set()
  #ended

  constructor(args, folder) {
    this.folder = folder
    this.child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    process.once('exit', () => this.child.kill('SIGKILL')) // when the tests are broken off
    for (const stream of [this.child.stdout, this.child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#hear(line))
    }
    this.#ended = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(`could not start: ${error.message}`))
      this.child.once('exit', (code, signal) => resolve(`ended with ${signal ?? code}`))
    })
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

  // link gives what the demo printed for a role: resident, shop, desk or evaluator.
  async link(role) {
    return (await this.line(new RegExp(`${role}.*https?://`, 'i'))).match(links)[0]
  }

  // stop ends the program as an operator would and removes its folder. A program
  // that has to be killed is a fault.
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
    await rm(this.folder, { recursive: true, force: true })
    if (how === 'late') throw new Error(`did not stop within ${farewell} ms of SIGTERM:\n${this.output}`)
  }
}

// freePort asks the system for a port that nobody listens on.
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
