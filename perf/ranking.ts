import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { wilsonInterval } from '../electron/bench/stats/wilson-interval.ts';
import { loadModel } from '../electron/engine/host/llama/load-model.ts';
import { rankDocuments } from '../electron/engine/host/rank-documents.ts';
import { engineSettingsSchema } from '../shared/contract/models.ts';

/**
 * How well a model orders texts: the first half of a story asks for its second half among those of other stories, all of
 * the held-out text. Beside it, what counting the words that both have in common gives, and chance.
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    threads: { type: 'string', default: '1' },
    documents: { type: 'string', default: '10' },
    stories: { type: 'string', default: '200' },
  },
});
const resources = new URL('../resources/', import.meta.url);
const path = options.model ?? fileURLToPath(new URL('model/dyno-demo-4m-f16.gguf', resources));
const among = Number(options.documents);

const halves = (await readFile(new URL('text/heldout.txt', resources), 'utf8'))
  .split('\n\n')
  .map((story) => story.replaceAll('\n', ' ').match(/[^.?!]+[.?!]"?/gu) ?? [])
  .filter((sentences) => sentences.length >= 6)
  .slice(0, Number(options.stories))
  .map((sentences) => {
    const middle = Math.ceil(sentences.length / 2);
    return [sentences.slice(0, middle).join(''), sentences.slice(middle).join('')] as const;
  });

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(/\p{L}+/gu));
/** Words of both over words of either. */
const sharedWords = (query: string, document: string): number => {
  const [asked, found] = [wordsOf(query), wordsOf(document)];
  return asked.intersection(found).size / asked.union(found).size;
};

const settings = engineSettingsSchema.parse({ contextSize: 1024, slots: 1, gpuLayers: 0 });
const common = { threadLimit: 1, knownThreads: null, checkTensors: false, prefixCache: null } as const;
const loaded = await loadModel(
  { type: 'load', path, settings, batchEngine: 'auto', adapters: [], ...common },
  () => undefined,
);
const ports = {
  loaded,
  inTurn: <Result>(act: () => Promise<Result>) => act(),
  threads: () => Number(options.threads),
  signal: new AbortController().signal,
};

/** Place of the right document, 1 the best; of equal scores the worst place. */
const placeOf = (scores: readonly number[]): number =>
  scores.filter((score, at) => at > 0 && score >= (scores[0] ?? NaN)).length + 1;

const places = { model: new Array<number>(), words: new Array<number>() };
for (const [index, [query]] of halves.entries()) {
  const documents = Array.from(
    { length: among },
    (_, at) => halves[(index + at * 7) % halves.length]?.[1] ?? '',
  );
  places.model.push(placeOf((await rankDocuments(query, documents, ports)).scores));
  places.words.push(placeOf(documents.map((document) => sharedWords(query, document))));
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const tell = (name: string, found: readonly number[]): void => {
  const first = found.filter((place) => place === 1).length;
  const { share, low, high } = wilsonInterval(first, found.length);
  const reciprocal = found.reduce((sum, place) => sum + 1 / place, 0) / found.length;
  process.stdout.write(
    `${name}: first ${percent(share)} (95 % ${percent(low)} to ${percent(high)}), mean reciprocal rank ${reciprocal.toFixed(2)}\n`,
  );
};
process.stdout.write(
  `${path} (${loaded.facts.ranking}), n ${halves.length} stories, one right among ${among} documents, chance ${percent(1 / among)}\n`,
);
tell('the model', places.model);
tell('words in common', places.words);
process.exit(0);
