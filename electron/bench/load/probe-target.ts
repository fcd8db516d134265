import type { LoadDialect, LoadSample } from '../../../shared/contract/load.ts';
import type { Driver } from '../driver/create-driver.ts';
import type { DialectName } from '../driver/dialects/dialect.ts';
import type { DriverTarget } from '../driver/messages.ts';
import { scaleOf, usualScale, type TokenScale } from './estimated-prompts.ts';
import { targetError } from './target-error.ts';
import { isOpenAiDialect } from './target-url.ts';

export interface ProbedTarget {
  readonly target: DriverTarget;
  readonly scale: TokenScale;
  /** The scale was measured on the target's own counts. */
  readonly isCalibrated: boolean;
}

interface ProbeOptions {
  readonly driver: Driver;
  readonly corpus: string;
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal;
}

const shortText = 'Say one word.';
const longCharacters = 2400;
const answerTokens = 4;

/** Fields beyond OpenAI's own, most useful first; strict servers refuse what they do not know. */
const extras: readonly DriverTarget['takes'][] = [
  { ignoreEos: true, cachePrompt: true },
  { ignoreEos: true, cachePrompt: false },
  { ignoreEos: false, cachePrompt: false },
];

const ask = async (
  target: DriverTarget,
  text: string,
  { driver, idleTimeoutMs, signal }: ProbeOptions,
): Promise<LoadSample | undefined> => {
  const result = await driver.run(
    {
      id: 'probe',
      target,
      pacing: { type: 'closed', atLeast: 1, minimumMs: 0, repeats: false },
      requests: [{ index: 0, stream: 0, promptTokens: 0, outputTokens: answerTokens, text: 0 }],
      texts: [text],
      reusesPrompts: false,
      repetition: 0,
      isWarmup: true,
      seed: 1,
      idleTimeoutMs,
    },
    { signal, onTick: () => undefined },
  );
  return result.samples[0];
};

/** The answer of a server that does not know a field, and of one that does not know the route. */
const isUnknownField = (sample: LoadSample): boolean => sample.status === 400 || sample.status === 422;
const isUnknownRoute = (sample: LoadSample): boolean =>
  sample.status === 404 || sample.status === 405 || sample.status === 501;

const dialectsFor = (dialect: LoadDialect): readonly DialectName[] =>
  dialect === 'auto' ? ['openai-chat', 'openai-completion'] : [dialect];

interface Agreement {
  readonly target: DriverTarget;
  readonly sample: LoadSample;
}

/** The first way of asking that the server answers. @throws AppError `bench.target-*` with what it said to the first. */
const agree = async (
  wanted: Omit<DriverTarget, 'dialect' | 'takes'>,
  dialect: LoadDialect,
  options: ProbeOptions,
): Promise<Agreement> => {
  let firstFailure: NonNullable<LoadSample['error']> | undefined;
  for (const name of dialectsFor(dialect)) {
    for (const takes of isOpenAiDialect(name) ? extras : extras.slice(0, 1)) {
      const target = { ...wanted, dialect: name, takes };
      const sample = await ask(target, shortText, options);
      if (sample === undefined) continue;
      if (sample.error === null) return { target, sample };
      firstFailure ??= sample.error;
      if (isUnknownField(sample)) continue;
      if (isUnknownRoute(sample)) break;
      throw targetError(sample.error, wanted.baseUrl);
    }
  }
  throw targetError(
    firstFailure ?? { code: 'bench.target-failed', message: 'The server gave no answer.' },
    wanted.baseUrl,
  );
};

/**
 * Asks the target one short thing, in the ways it might understand, before any load is sent: a wrong address, key or model
 * is one clear error and not ten thousand failed requests. A second, longer text tells how it counts tokens.
 *
 * @throws AppError `bench.target-*`, `app.cancelled`
 */
export const probeTarget = async (
  wanted: Omit<DriverTarget, 'dialect' | 'takes'>,
  dialect: LoadDialect,
  options: ProbeOptions,
): Promise<ProbedTarget> => {
  const { target, sample } = await agree(wanted, dialect, options);
  const longText = options.corpus.slice(0, longCharacters);
  const longSample = await ask(target, longText, options);
  const short = sample.promptTokens;
  const long = longSample?.promptTokens ?? null;
  if (short === null || long === null || short <= 0)
    return { target, scale: usualScale, isCalibrated: false };
  const scale = scaleOf(
    { characters: shortText.length, tokens: short },
    { characters: longText.length, tokens: long },
  );
  return { target, scale, isCalibrated: scale !== usualScale };
};
