import { z } from 'zod';
import type { Call } from '../call.ts';
import type { GenerateRequest } from '../../engine/engine.ts';
import { invalidValue } from '../parameters/parameter-error.ts';
import type { ServedModel } from '../router/route-table.ts';

/** llama.cpp's `lora`: adapters by id; those that are not named are off. */
export const loraSchema = z
  .array(
    z.strictObject({
      id: z.number().int().min(0).max(255),
      scale: z.number().min(-100).max(100),
    }),
  )
  .max(256);

/**
 * The adapters a request asks for, to be spread into it; nothing where it leaves them to the load, which an empty list
 * does, too, as in llama.cpp.
 * @throws AppError `gateway.invalid-value` naming the adapters there are, where llama.cpp passes an unknown id over
 */
export const toAdapters = (
  asked: z.output<typeof loraSchema> | undefined,
  { info }: ServedModel,
): Pick<GenerateRequest, 'adapters'> => {
  if (asked === undefined || asked.length === 0) return {};
  const { adapters = [] } = info;
  const foreign = asked.findIndex(({ id }) => id >= adapters.length);
  if (foreign >= 0) {
    const there = adapters.map(({ name }, id) => `${id} (${name})`).join(', ');
    throw invalidValue(
      `lora[${foreign}].id`,
      `There is no adapter ${asked[foreign]?.id ?? ''} with ${info.id}.`,
      there === '' ? 'Start the server with dyno serve MODEL --lora FILE.' : `Loaded: ${there}.`,
    );
  }
  const double = asked.findIndex(({ id }, at) => asked.findIndex((each) => each.id === id) < at);
  if (double >= 0) throw invalidValue(`lora[${double}].id`, 'An adapter is named twice.', 'Name it once.');
  return { adapters: asked.map(({ id, scale }) => ({ id, scale })) };
};

/** The adapters at work on a call, by the hash of their file, as `<SHA-256>*<scale>` parted by spaces. */
export const adaptersAtWork = (call: Call): string => {
  const asked = call.type === 'generation' ? call.choices[0]?.request.adapters : undefined;
  return (call.model.info.adapters ?? [])
    .map(({ sha256, scale }, id) => ({
      sha256,
      scale: asked === undefined ? scale : (asked.find((each) => each.id === id)?.scale ?? 0),
    }))
    .flatMap(({ sha256, scale }) => (scale === 0 ? [] : [`${sha256}*${scale}`]))
    .join(' ');
};

interface LoraAdapter {
  readonly id: number;
  readonly path: string;
  readonly scale: number;
}

/** What `GET /lora-adapters` tells, in llama.cpp's form; of the path the file's name, the rest stays here. */
export const toLoraAdapters = (model: ServedModel | undefined): readonly LoraAdapter[] =>
  (model?.info.adapters ?? []).map(({ name, scale }, id) => ({ id, path: name, scale }));
