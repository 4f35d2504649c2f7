// Items as a push client sends them.
let made = 0;

/** A mention of Aurora Air that was just published, with an id of its own. */
export function item(fields = {}) {
  const number = ++made;
  return {
    type: 'item',
    id: `mastodon/${process.pid}-${number}`,
    platform: 'mastodon',
    published: new Date().toISOString(),
    text: `Aurora Air flight number ${number} was late again`,
    author: { handle: `@reader${number}@mas.to`, name: `Reader ${number}`, followers: 100 + number },
    ...fields,
  };
}

export function items(count, fields = () => ({})) {
  return Array.from({ length: count }, (_, i) => item(fields(i)));
}

export function ndjson(records) {
  return records.map(record => JSON.stringify(record) + '\n').join('');
}
