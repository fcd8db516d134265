import { expect, it } from 'vitest';
import { findFillMarks } from '../../../../electron/gateway/llama/fill-marks.ts';
import { infillSchema, toInfillCall } from '../../../../electron/gateway/llama/infill-request.ts';
import { parseParameters } from '../../../../electron/gateway/parameters/parse-parameters.ts';
import { createFakeRandom } from '../../../support/fake-random.ts';
import { createServedModel } from '../../../support/gateway-model.ts';
import { createScriptedReplica } from '../../../support/scripted-replica.ts';

/** A vocabulary with these texts as one token each; all else is one token per character. */
const replicaWith = (known: Readonly<Record<string, number>>) => {
  const replica = createScriptedReplica();
  return {
    ...replica,
    tokenize: (text: string) => {
      const token = known[text];
      return token === undefined ? replica.tokenize(text) : Promise.resolve([token]);
    },
  };
};
const starcoder = { '<fim_prefix>': 1, '<fim_suffix>': 2, '<fim_middle>': 3 };

it('finds the marks of the family the vocabulary has', async () => {
  expect(await findFillMarks(replicaWith(starcoder))).toEqual({ prefix: 1, suffix: 2, middle: 3 });
});

it('refuses a model that has two of the three', async () => {
  await expect(findFillMarks(replicaWith({ '<fim_prefix>': 1, '<fim_suffix>': 2 }))).rejects.toMatchObject({
    code: 'gateway.unsupported-parameter',
    details: { param: 'input_suffix' },
  });
});

it('puts prefix and suffix before the gap, and what the answer begins with after it', async () => {
  const body = { input_prefix: 'a', input_suffix: 'b', prompt: 'c', n_predict: 5, temperature: 0 };
  const call = toInfillCall(parseParameters(infillSchema, body), createServedModel(), createFakeRandom());
  const [choice] = call.choices;
  expect(choice?.request.maxTokens).toBe(5);
  expect(await choice?.toPrompt?.(replicaWith(starcoder))).toEqual({
    type: 'tokens',
    tokens: [1, 97, 2, 98, 3, 99],
  });
});
