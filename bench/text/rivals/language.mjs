// Tells the languages of texts: node language.mjs eld|eld-fifteen|eld-six|franc|franc-fifteen|franc-six FILE. Prints the microseconds a text takes,
// then a code a line, "und" where there is none. Fifteen and six: only the languages of Vigie's model, or of the posts, may be answered.
import { readFileSync } from 'node:fs';
import { eld } from 'eld/large';
import { franc } from 'franc';

const [which, file] = process.argv.slice(2);
const texts = readFileSync(file, 'utf8').split('\n').slice(0, -1);
const codes = {
  cat: 'ca',
  ces: 'cs',
  dan: 'da',
  deu: 'de',
  eng: 'en',
  spa: 'es',
  fin: 'fi',
  fra: 'fr',
  ita: 'it',
  nld: 'nl',
  pol: 'pl',
  por: 'pt',
  ron: 'ro',
  swe: 'sv',
  tur: 'tr',
};
const six = ['de', 'en', 'es', 'fr', 'it', 'pt'];

function detector() {
  const [library, among] = which.split('-');
  const wanted = Object.entries(codes).filter(([, code]) => among !== 'six' || six.includes(code));
  if (library === 'eld') {
    if (among) eld.setLanguageSubset(wanted.map(([, code]) => code));
    return text => eld.detect(text).language || 'und';
  }
  if (library === 'franc') {
    const choice = { minLength: 3, ...(among && { only: wanted.map(([long]) => long) }) };
    return text => codes[franc(text, choice)] ?? 'und';
  }
  throw new Error(`eld or franc, not ${which}`);
}

const detect = detector();
for (const text of texts.slice(0, 200)) detect(text);
const begin = process.cpuUsage();
const told = texts.map(detect);
const spent = process.cpuUsage(begin);
console.log((spent.user + spent.system) / texts.length);
for (const code of told) console.log(code);
