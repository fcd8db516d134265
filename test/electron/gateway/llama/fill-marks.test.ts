import { expect, it } from 'vitest';
import { infillSchema, toInfillCall } from '../../../../electron/gateway/llama/infill-request.ts';
import { parseParameters } from '../../../../electron/gateway/parameters/parse-parameters.ts';
import type { FillMarks } from '../../../../shared/contract/engine.ts';
import { createFakeRandom } from '../../../support/fake-random.ts';
import { createServedModel } from '../../../support/gateway-model.ts';
import { createScriptedReplica } from '../../../support/scripted-replica.ts';

const body = { input_prefix: 'a', input_suffix: 'b', prompt: 'c', n_predict: 5, temperature: 0 };

/** The prompt of a model with these marks; the scripted tokenizer gives one token per character. */
const promptWith = async (fillMarks: FillMarks | undefined) => {
  const call = toInfillCall(parseParameters(infillSchema, body), createServedModel(), createFakeRandom());
  expect(call.choices[0]?.request.maxTokens).toBe(5);
  const facts = fillMarks === undefined ? {} : { fillMarks };
  return call.choices[0]?.toPrompt?.(createScriptedReplica({ facts }));
};

it('refuses a model that was taught no marks', async () => {
  await expect(promptWith(undefined)).rejects.toMatchObject({
    code: 'gateway.unsupported-parameter',
    details: { param: 'input_suffix' },
  });
});

it('puts prefix and suffix before the gap, and what the answer begins with after it', async () => {
  const marks = { prefix: 1, suffix: 2, middle: 3 };
  expect(await promptWith(marks)).toEqual({ type: 'tokens', tokens: [1, 97, 2, 98, 3, 99] });
});

it('begins as the model wants every prompt to begin', async () => {
  const marks = { start: 7, prefix: 1, suffix: 2, middle: 3 };
  expect(await promptWith(marks)).toEqual({ type: 'tokens', tokens: [7, 1, 97, 2, 98, 3, 99] });
});
