import type { ApiTest, EngineTest } from '../contract/bench.ts';

/** Tests as people write and read them, on the command line, in the window and in results. */

/** `pp512`, `tg128@d4096`, `tg128x4`: llama-bench's names, the depth a part of them. */
export const engineTestName = ({ kind, tokens, depth, sequences }: EngineTest): string =>
  `${kind === 'prefill' ? 'pp' : 'tg'}${tokens}${sequences > 1 ? `x${sequences}` : ''}${depth > 0 ? `@d${depth}` : ''}`;

/** The test a name stands for; `undefined` for anything that is no such name. */
export const readEngineTest = (name: string): EngineTest | undefined => {
  const match = /^(pp|tg)([1-9]\d{0,6})(?:x([1-9]\d{0,2}))?(?:@d(\d{1,7}))?$/.exec(name.trim());
  if (match === null) return undefined;
  const [, kind, tokens, sequences, depth] = match;
  return {
    kind: kind === 'pp' ? 'prefill' : 'decode',
    tokens: Number(tokens),
    depth: Number(depth ?? 0),
    sequences: Number(sequences ?? 1),
  };
};

/** Lists that are crossed with each other, as llama-bench crosses its own. */
export interface EngineTestLists {
  readonly prefill: readonly number[];
  readonly decode: readonly number[];
  /** Tokens in the cache before the measurement; none given is 0. */
  readonly depths: readonly number[];
  /** Sequences side by side; none given is 1. */
  readonly sequences: readonly number[];
}

const orElse = (list: readonly number[], fallback: number): readonly number[] =>
  list.length === 0 ? [fallback] : list;

/** Every length at every depth with every number of sequences; prefill first, each test once. */
export const crossEngineTests = (lists: EngineTestLists): readonly EngineTest[] => {
  const lengths = [
    ...lists.prefill.map((tokens) => ({ kind: 'prefill' as const, tokens })),
    ...lists.decode.map((tokens) => ({ kind: 'decode' as const, tokens })),
  ];
  const tests = lengths.flatMap((length) =>
    orElse(lists.depths, 0).flatMap((depth) =>
      orElse(lists.sequences, 1).map((sequences): EngineTest => ({ ...length, depth, sequences })),
    ),
  );
  return [...new Map(tests.map((test) => [engineTestName(test), test])).values()];
};

/** `512, 2048` as numbers of at least `least`; empty text is an empty list, anything else than whole numbers `undefined`. */
export const readWholeNumbers = (text: string, least: number): readonly number[] | undefined => {
  const parts = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => (/^\d{1,7}$/.test(part) ? Number(part) : NaN));
  return parts.every((value) => value >= least) ? parts : undefined;
};

const valueOf = (text: string): unknown => {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : text;
};

/**
 * A load profile with its parameters, `closed-loop:concurrency=8,promptTokens=256`; what is left out has the
 * profile's default. `undefined` where the text has another form; whether the profile knows the parameters is its own
 * question.
 */
export const readApiTest = (text: string): ApiTest | undefined => {
  const [profile = '', rest] = text.trim().split(/:(.*)/s);
  const pairs = (rest ?? '').split(',').filter((pair) => pair.trim() !== '');
  const entries = pairs.map((pair) => {
    const [name = '', value] = pair.split(/=(.*)/s);
    return [name.trim(), value?.trim()] as const;
  });
  const isWhole =
    /^[a-z][a-z0-9-]*$/.test(profile) &&
    entries.every(([name, value]) => /^[a-zA-Z]\w*$/.test(name) && value !== undefined && value !== '');
  if (!isWhole) return undefined;
  return {
    profile,
    parameters: Object.fromEntries(entries.map(([name, value]) => [name, valueOf(value ?? '')])),
  };
};

/** The text `readApiTest` reads back. */
export const apiTestText = ({ profile, parameters }: ApiTest): string => {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`);
  return pairs.length === 0 ? profile : `${profile}:${pairs.join(',')}`;
};
