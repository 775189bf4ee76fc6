// The bank of the browser tests: it writes statements and reads payment orders.

import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

import { root } from './program.mjs'

const run = promisify(execFile)
const schema = path.join(root, '.cache', 'schemas', 'pain.001.001.09.xsd')

// madeUpIBAN gives a well-formed IBAN of a bank that does not exist.
export function madeUpIBAN(number) {
  const account = `TEST${String(number).padStart(10, '0')}`
  const digits = [...`${account}NL00`].map((c) => parseInt(c, 36)).join('')
  return `NL${String(98n - (BigInt(digits) % 97n)).padStart(2, '0')}${account}`
}

// The reserve account, in which the euros are.
export const reserve = { iban: madeUpIBAN(1), name: 'Stichting Voorbeeldwijk' }

// statement writes a camt.053.001.08 statement of the reserve account. Entries
// are { euros, credit, name, iban, reference, endToEndId, text } on one day;
// euros are text such as 50.00, so that nothing is ever rounded.
export function statement({ id, day, opening = '0.00', entries }) {
  const closing = entries.reduce((sum, e) => (e.credit ? sum + cents(e.euros) : sum - cents(e.euros)), cents(opening))
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>${id}</MsgId><CreDtTm>${day}T20:00:00</CreDtTm></GrpHdr>
<Stmt><Id>${id}</Id><CreDtTm>${day}T20:00:00</CreDtTm>
<Acct><Id><IBAN>${reserve.iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
${balance('OPBD', cents(opening), day)}
${balance('CLBD', closing, day)}
${entries.map((e, i) => entry(e, `${id}-${i + 1}`, day)).join('\n')}
</Stmt></BkToCstmrStmt></Document>
`
}

function balance(code, amount, day) {
  return `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${euros(Math.abs(amount))}</Amt>${side(amount >= 0)}<Dt><Dt>${day}</Dt></Dt></Bal>`
}

function entry(e, bankReference, day) {
  const party = e.credit ? 'Dbtr' : 'Cdtr'
  const remittance = e.reference
    ? `<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>${e.reference}</Ref></CdtrRefInf></Strd>`
    : `<Ustrd>${e.text}</Ustrd>`
  return `<Ntry><Amt Ccy="EUR">${e.euros}</Amt>${side(e.credit)}<Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>${day}</Dt></BookgDt><ValDt><Dt>${day}</Dt></ValDt><AcctSvcrRef>${bankReference}</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>${e.credit ? 'RCDT' : 'ICDT'}</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><EndToEndId>${e.endToEndId ?? 'NOTPROVIDED'}</EndToEndId></Refs><Amt Ccy="EUR">${e.euros}</Amt>${side(e.credit)}
<RltdPties><${party}><Pty><Nm>${e.name}</Nm></Pty></${party}><${party}Acct><Id><IBAN>${e.iban}</IBAN></Id></${party}Acct></RltdPties>
<RmtInf>${remittance}</RmtInf></TxDtls></NtryDtls></Ntry>`
}

function side(credit) {
  return `<CdtDbtInd>${credit ? 'CRDT' : 'DBIT'}</CdtDbtInd>`
}

function cents(amount) {
  return Number(amount.replace('.', ''))
}

function euros(amount) {
  const digits = String(amount).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

// readOrder validates a payment order against the official schema and gives
// what a bank takes from it.
export async function readOrder(file) {
  await run('xmllint', ['--noout', '--nonet', '--schema', schema, file])
  const read = async (expression) => {
    const plain = expression.replace(/[A-Z]\w+/g, (name) => `*[local-name()='${name}']`)
    return (await run('xmllint', ['--nonet', '--xpath', `string(${plain})`, file])).stdout.trim()
  }
  const transfer = '//CdtTrfTxInf'
  return {
    count: await read('//GrpHdr/NbOfTxs'),
    sum: await read('//GrpHdr/CtrlSum'),
    from: await read('//DbtrAcct/Id/IBAN'),
    day: await read('//ReqdExctnDt/Dt'),
    euros: await read(`${transfer}//InstdAmt`),
    currency: await read(`${transfer}//InstdAmt/@Ccy`),
    iban: await read(`${transfer}/CdtrAcct/Id/IBAN`),
    name: await read(`${transfer}/Cdtr/Nm`),
    endToEndId: await read(`${transfer}/PmtId/EndToEndId`),
  }
}
