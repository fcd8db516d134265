import { writeFile } from 'node:fs/promises';
import {
  DEFAULT_ALIGNMENT,
  encodeHeader,
  padTo,
  type HeaderEntry,
} from '../../electron/models/gguf/encode-header.ts';
import { float32, text, uint32, type MetadataValue } from '../../electron/models/gguf/metadata.ts';
import { tensorTypes } from '../../electron/models/gguf/tensor-types.ts';
import { validateModel } from '../../electron/models/gguf/validate.ts';
import { createRandomSource, gaussians } from '../../electron/models/synthesize/random-source.ts';
import { createNodeFiles } from '../../electron/platform/node/files.ts';

interface AdapterOptions {
  /** The model it is for. */
  readonly model: string;
  readonly path: string;
  readonly seed?: number;
  readonly rank?: number;
  /** Of the product's weights against those of a trained model; large enough to be heard in a short answer. */
  readonly strength?: number;
  readonly metadata?: Readonly<Record<string, MetadataValue>>;
  /** Another shape of `lora_b` than the model's. */
  readonly rows?: number;
  /** Of tensors; `undefined` leaves one out. */
  readonly rename?: (name: string) => string | undefined;
}

const changed = /^blk\.\d+\.(attn_q|ffn_down)\.weight$/u;

/** Writes a real LoRA adapter in GGUF of random low-rank weights, as llama.cpp's converter lays them out. Gives its path. */
export const writeAdapter = async (options: AdapterOptions): Promise<string> => {
  const { path, seed = 1, rank = 4, strength = 0.3 } = options;
  const { header } = await validateModel(createNodeFiles(), options.model);
  const architecture = header.metadata.get('general.architecture') ?? text('llama');
  const metadata: readonly HeaderEntry[] = Object.entries({
    'general.type': text('adapter'),
    'general.architecture': architecture,
    'general.alignment': uint32(DEFAULT_ALIGNMENT),
    'adapter.type': text('lora'),
    'adapter.lora.alpha': float32(rank),
    ...options.metadata,
  });
  const [type] = tensorTypes; // F32
  const { rename = (name: string) => name } = options;
  const tensors = header.tensors
    .filter(({ name }) => changed.test(name))
    .flatMap(({ name, shape: [columns = 0, rows = 0] }) => [
      { name: `${name}.lora_a`, shape: [columns, rank], type },
      { name: `${name}.lora_b`, shape: [rank, options.rows ?? rows], type },
    ])
    .flatMap((tensor) => {
      const name = rename(tensor.name);
      return name === undefined ? [] : [{ ...tensor, name }];
    });
  const random = createRandomSource(`${seed}`);
  const data = tensors.map(({ shape }) => {
    const values = gaussians(
      random,
      shape.reduce((product, size) => product * size, 1),
    );
    const bytes = new Uint8Array(padTo(values.byteLength, DEFAULT_ALIGNMENT));
    bytes.set(new Uint8Array(values.map((value) => value * Math.sqrt(strength)).buffer));
    return bytes;
  });
  await writeFile(path, Buffer.concat([encodeHeader(metadata, tensors), ...data]));
  return path;
};
