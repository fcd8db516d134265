import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { usageSchema } from '../../../../electron/gateway/openai/reply-schemas.ts';
import { uint32, type MetadataValue } from '../../../../electron/models/gguf/metadata.ts';
import { openGateway } from '../../../support/open-gateway.ts';
import { demoModelPath, openRealPool } from '../../../support/real-pool.ts';
import { copyWithMetadata } from '../../../support/with-metadata.ts';

/** Tokens the bundled vocabulary has and its texts do not, here named as a code model names its own. */
const marks = { prefix: 3065, suffix: 3068, middle: 3069 };
const bos = 3062;
const yes: MetadataValue = { type: 'bool', value: true };
/** A model without training in it would end at once. */
const greedy = { temperature: 0, ignore_eos: true };

const filledSchema = z.looseObject({
  content: z.string(),
  stop_type: z.string(),
  stopping_word: z.string(),
  tokens_predicted: z.number(),
  tokens_evaluated: z.number(),
  tokens_cached: z.number(),
  usage: usageSchema,
});
const completedSchema = z.object({ choices: z.array(z.object({ text: z.string() })) });

it('fills a gap on real llama.cpp: prefix, suffix, gap, with the marks the file names as one token each', async () => {
  await using engines = await openRealPool();
  const path = join(engines.folder, 'infill.gguf');
  await copyWithMetadata(demoModelPath, path, {
    'tokenizer.ggml.fim_pre_token_id': uint32(marks.prefix),
    'tokenizer.ggml.fim_suf_token_id': uint32(marks.suffix),
    'tokenizer.ggml.fim_mid_token_id': uint32(marks.middle),
    'tokenizer.ggml.add_bos_token': yes,
  });
  const replica = await engines.load(path);
  expect(replica.facts().fillMarks).toEqual({ start: bos, ...marks });
  await using server = await openGateway(replica);
  const gap = { input_prefix: 'Once there was a fox.', input_suffix: 'The fox slept.', prompt: 'It' };
  const fill = async (body: object) =>
    filledSchema.parse(
      await (await server.fetch('/infill', { ...gap, n_predict: 12, ...greedy, ...body })).json(),
    );
  const complete = async (prompt: readonly number[]) => {
    const asked = { prompt, max_tokens: 12, ...greedy };
    return completedSchema.parse(await (await server.fetch('/v1/completions', asked)).json()).choices[0]
      ?.text;
  };

  const before = await replica.tokenize(gap.input_prefix);
  const after = await replica.tokenize(gap.input_suffix);
  const begun = await replica.tokenize(gap.prompt);
  const prompt = [bos, marks.prefix, ...before, marks.suffix, ...after, marks.middle, ...begun];
  const filled = await fill({});
  expect(filled).toMatchObject({ tokens_evaluated: prompt.length, tokens_predicted: 12, stop_type: 'limit' });
  expect(filled.usage).toMatchObject({
    total_tokens: prompt.length + 12,
    prompt_tokens_details: { cached_tokens: filled.tokens_cached },
  });
  expect(filled.content).toBe(await complete(prompt));
  // what the engine answers depends on the order, so that the line above can fail
  const swapped = [bos, marks.suffix, ...after, marks.prefix, ...before, marks.middle, ...begun];
  expect(filled.content).not.toBe(await complete(swapped));

  const stop = filled.content.trim().split(/\s+/u)[2] ?? '';
  const stopped = await fill({ stop: [stop] });
  expect(stopped).toMatchObject({ stop_type: 'word', stopping_word: stop });
  expect(stopped.content).toBe(filled.content.slice(0, filled.content.indexOf(stop)));
  expect(stopped.tokens_predicted).toBeLessThan(filled.tokens_predicted);
  expect(stopped.tokens_cached).toBeGreaterThan(0);
});
