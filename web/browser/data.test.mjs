// The figures as data, opened by programs that are not ours: the reader of data
// packages by those who describe them, and a reader of Parquet.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { after, before, test } from 'node:test'

import datapackage from 'datapackage'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'

import { grulden, makeFolder, root } from './program.mjs'

let folder, pack

before(async () => {
  folder = await makeFolder()
  const data = path.join(folder, 'wijk')
  await grulden('init', '--data', data)
  await grulden('replay', '--data', data, path.join(root, 'internal/replay/testdata/worked-example.jsonl'))
  await grulden('report', '--data', data, '--to', '2026-04-01', '--files', path.join(folder, 'figures'))
  pack = await datapackage.Package.load(path.join(folder, 'figures/datapackage.json'))
})

after(() => rm(folder, { recursive: true, force: true }))

// tables are those of the package, by name, each row read as its schema says.
async function tables() {
  const all = {}
  for (const resource of pack.resources.filter(({ descriptor }) => descriptor.format === 'csv')) {
    all[resource.name] = await resource.read({ keyed: true })
  }
  return all
}

test('the package keeps the schema that Frictionless publishes, and the check finds what does not', async () => {
  assert.deepEqual(pack.errors, [])
  assert.ok(pack.valid)
  const { descriptor } = pack
  const broken = await datapackage.Package.load({ ...descriptor, resources: [{ ...descriptor.resources[0], name: 'Not A Name' }] })
  assert.ok(!broken.valid)
})

test('every table reads as its schema says, and the days add up', async () => {
  const all = await tables()
  assert.ok(Object.keys(all).length > 15, Object.keys(all).join(' '))
  const volume = all.figures.find(({ key }) => key === 'volume')
  const cents = ({ volume, refunded_late: late }) => Math.round(100 * volume) - Math.round(100 * late)
  assert.ok(Number(volume.value) > 0)
  assert.equal(all.daily.reduce((sum, day) => sum + cents(day), 0), Math.round(100 * volume.value))
})

test('Parquet has the rows of the CSV, with days and exact amounts', async () => {
  const { daily } = await tables()
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path.join(folder, 'figures/data/daily.parquet')) })
  assert.equal(rows.length, daily.length)
  for (const [i, row] of rows.entries()) {
    assert.equal(row.day.toISOString().slice(0, 10), new Date(daily[i].day.getTime() - daily[i].day.getTimezoneOffset() * 60000).toISOString().slice(0, 10))
    assert.equal(Number(row.volume), Number(daily[i].volume))
    assert.equal(Number(row.payments), daily[i].payments)
  }
})

test('the workbook is well-formed, and a sheet has the numbers of the days', async () => {
  const book = path.join(folder, 'figures', pack.resources.find(({ descriptor }) => descriptor.format === 'xlsx').descriptor.path)
  const part = (name) => {
    const text = execFileSync('unzip', ['-p', book, name], { maxBuffer: 1 << 26 })
    execFileSync('xmllint', ['--noout', '-'], { input: text }) // fails where it is not well-formed
    return text.toString()
  }
  const names = [...part('xl/workbook.xml').matchAll(/<sheet name="([^"]+)"/g)].map(([, name]) => name)
  const days = names.map((name, i) => ({ name, text: part(`xl/worksheets/sheet${i + 1}.xml`) })).find(({ name }) => name === 'daily').text
  const { daily } = await tables()
  const values = daily.map(({ volume }) => Number(volume)).filter((value) => value > 0)
  assert.ok(values.length > 0 && days.includes('volume'))
  for (const value of values) assert.ok(days.includes(`<v>${value}</v>`), `${value} in the workbook`)
})
