import koffi, { type LibraryHandle } from 'koffi';
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';

/**
 * Where `struct ggml_tensor` of ggml/include/ggml.h of llama.cpp v0.5.0 has its fields, in bytes; the same on every
 * 64-bit platform.
 */
const at = { type: 0, sizes: 16, strides: 48, op: 80, sources: 152, data: 248, name: 256 } as const;
const structBytes = 336;
const nameBytes = 64;

/** Ids of `enum ggml_op` and `enum ggml_type` in the same header. */
const ops = { MUL_MAT: 29, MUL_MAT_ID: 30 } as const;
const types = { F32: 0, I32: 26 } as const;

type Four = readonly [number, number, number, number];

/** A tensor of a graph while llama.cpp computes it. */
export interface GraphTensor {
  readonly pointer: bigint;
  readonly name: string;
  readonly op: keyof typeof ops | 'other';
  readonly isF32: boolean;
  readonly isI32: boolean;
  /** Elements per dimension. */
  readonly sizes: Four;
  /** Bytes per dimension. */
  readonly strides: Four;
  /** The tensor it is computed from at `index`. */
  source(index: number): GraphTensor;
}

interface TensorReader {
  read(pointer: unknown): GraphTensor;
  /** Copies the values out of wherever they are, the memory of a device included. */
  copyFloats(tensor: GraphTensor): Float32Array;
  copyIntegers(tensor: GraphTensor): Int32Array;
  /** @throws AppError `engine.version-mismatch` when llama.cpp says something else of the tensor than its bytes here */
  verify(tensor: GraphTensor): void;
}

const pointerSchema = z.bigint().positive();
const wholeSchema = z.union([z.number().int(), z.bigint()]).transform(Number);

/** Reads ggml's tensors as bytes; `base` is its library libggml-base. */
export const createTensorReader = (base: LibraryHandle): TensorReader => {
  const bytesType = koffi.array('uint8_t', structBytes, 'Typed');
  const sizeOf = base.func('size_t ggml_nbytes(void *tensor)');
  const elementsOf = base.func('int64_t ggml_nelements(void *tensor)');
  const nameOf = base.func('const char *ggml_get_name(void *tensor)');
  const dataOf = base.func('void *ggml_get_data(void *tensor)');
  const opName = base.func('const char *ggml_op_name(int op)');
  const copy = base.func(
    'void ggml_backend_tensor_get(void *tensor, _Out_ uint8_t *data, size_t offset, size_t size)',
  );

  const refuse = (what: string): never => {
    throw new AppError('engine.version-mismatch', `llama.cpp lays out tensors in another way: ${what}.`, {
      hint: 'Run npm ci to install the exact versions Dyno was tested with.',
    });
  };
  for (const [name, op] of Object.entries(ops))
    if (opName(op) !== name) refuse(`operation ${op} is not ${name}`);

  const bytesOf = (pointer: bigint): Buffer => {
    const bytes: unknown = koffi.decode(pointer, bytesType);
    if (bytes instanceof Uint8Array) return Buffer.from(bytes.buffer, bytes.byteOffset, structBytes);
    throw new AppError('app.internal', 'libggml gave no tensor.');
  };
  const four = (bytes: Buffer, offset: number): Four => {
    const value = (index: number): number => Number(bytes.readBigInt64LE(offset + 8 * index));
    return [value(0), value(1), value(2), value(3)];
  };
  const opOf = (id: number): GraphTensor['op'] =>
    id === ops.MUL_MAT ? 'MUL_MAT' : id === ops.MUL_MAT_ID ? 'MUL_MAT_ID' : 'other';

  const read = (raw: unknown): GraphTensor => {
    const pointer = pointerSchema.parse(raw);
    const bytes = bytesOf(pointer);
    const type = bytes.readInt32LE(at.type);
    return {
      pointer,
      name: bytes.toString('utf8', at.name, at.name + nameBytes).replace(/\0.*$/s, ''),
      op: opOf(bytes.readInt32LE(at.op)),
      isF32: type === types.F32,
      isI32: type === types.I32,
      sizes: four(bytes, at.sizes),
      strides: four(bytes, at.strides),
      source: (index) => read(bytes.readBigUInt64LE(at.sources + 8 * index)),
    };
  };

  const copyBytes = ({ pointer }: GraphTensor): ArrayBuffer => {
    const buffer = new ArrayBuffer(wholeSchema.parse(sizeOf(pointer)));
    copy(pointer, new Uint8Array(buffer), 0, buffer.byteLength);
    return buffer;
  };

  return {
    read,
    copyFloats: (tensor) => new Float32Array(copyBytes(tensor)),
    copyIntegers: (tensor) => new Int32Array(copyBytes(tensor)),
    verify: (tensor) => {
      const { pointer, name, sizes, strides } = tensor;
      const elements = sizes.reduce((product, size) => product * size, 1);
      const spanBytes = sizes.reduce(
        (sum, size, index) => sum + (size - 1) * (strides[index] ?? 0),
        strides[0],
      );
      if (nameOf(pointer) !== name) refuse(`it calls "${name}" by another name`);
      if (wholeSchema.parse(elementsOf(pointer)) !== elements) refuse(`${name} has another size`);
      if ((tensor.isF32 || tensor.isI32) && wholeSchema.parse(sizeOf(pointer)) !== spanBytes)
        refuse(`the rows of ${name} lie elsewhere`);
      const data: unknown = dataOf(pointer);
      if (bytesOf(pointer).readBigUInt64LE(at.data) !== (data ?? 0n))
        refuse(`the data of ${name} lie elsewhere`);
    },
  };
};
