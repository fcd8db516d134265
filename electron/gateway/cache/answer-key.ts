import { hash } from 'node:crypto';
import type { ChoicePlan, GenerationCall } from '../call.ts';

/** Names in order, so that two ways of writing one request are one. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, each]) => [name, canonical(each)]),
  );
};

/** Greedy decoding takes the likeliest token whatever the seed is. */
const withoutIdleSeed = ({ request, allowsParallelToolCalls }: ChoicePlan): unknown => {
  const { seed, ...sampling } = request.sampling;
  return {
    ...request,
    sampling: request.sampling.temperature === 0 ? sampling : { ...sampling, seed },
    allowsParallelToolCalls,
  };
};

/**
 * Under what a call's answer is kept: a digest of tenant, content of the model file, adapters and all that the engine is
 * asked, so that the prompt itself is not. `undefined` for a call whose answer would not be the same again (a temperature
 * and no seed), one with log-probabilities, one whose prompt only the engine can make, and where it is not known which
 * content an engine loaded.
 */
export const answerKey = (call: GenerationCall, tenantId: string): string | undefined => {
  const isRepeatable = call.choices.every(
    ({ request, toPrompt }) =>
      toPrompt === undefined &&
      request.logprobs === undefined &&
      (call.isSeeded === true || request.sampling.temperature === 0),
  );
  if (!isRepeatable) return undefined;
  const contents = new Set(call.model.replicas().map((replica) => replica.fileId()));
  if (contents.has(null)) return undefined;
  const { id, adapters = [] } = call.model.info;
  const files = [...[...contents].toSorted(), ...adapters.map(({ sha256, scale }) => [sha256, scale])];
  const asked = [tenantId, id, files, call.choices.map(withoutIdleSeed)];
  return hash('sha256', JSON.stringify(canonical(asked)), 'base64url');
};
