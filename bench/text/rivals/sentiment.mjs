// Scores texts with a lexicon of others: node sentiment.mjs vader|afinn FILE. Prints the microseconds a text takes, then a polarity a line.
// Below -0.05 is negative and above 0.05 positive, as VADER's authors say; AFINN's sum has no neutral ground but 0.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const [which, file] = process.argv.slice(2);
const texts = readFileSync(file, 'utf8').split('\n').slice(0, -1);

function scorer() {
  if (which === 'vader') {
    const { SentimentIntensityAnalyzer } = require('vader-sentiment');
    return text => SentimentIntensityAnalyzer.polarity_scores(text).compound;
  }
  if (which === 'afinn') {
    const Sentiment = require('sentiment');
    const analyser = new Sentiment();
    return text => Math.tanh(analyser.analyze(text).score / 4);
  }
  throw new Error(`vader or afinn, not ${which}`);
}

const score = scorer();
for (const text of texts.slice(0, 200)) score(text);
const begin = process.cpuUsage();
const polarities = texts.map(score);
const spent = process.cpuUsage(begin);
console.log((spent.user + spent.system) / texts.length);
for (const polarity of polarities) console.log(polarity);
