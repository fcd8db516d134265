import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { validateModel } from '../../../../electron/models/gguf/validate.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { writeTinyModel } from '../../../support/gguf-fixtures.ts';

const path = '/m/tiny.gguf';

/** What validation makes of these bytes: 'valid', or the code of its error. Any other throw fails the test. */
const verdict = async (bytes: Uint8Array): Promise<string> => {
  try {
    await validateModel(createFakeFiles({ [path]: bytes }), path);
    return 'valid';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
};

const typed = /^(valid|models\.(not-gguf|bad-header|truncated|missing-part|unsupported-architecture))$/;

describe('validation of damaged files', () => {
  let whole: Uint8Array;
  let headerLength: number;

  beforeAll(async () => {
    const files = createFakeFiles();
    await writeTinyModel(path, {}, files);
    whole = files.bytes(path);
    headerLength = (await validateModel(files, path)).header.dataOffset;
  });

  it('calls a file cut anywhere truncated, or no GGUF when not even the magic is there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        expect(await verdict(whole.subarray(0, length))).toBe(
          length < 4 ? 'models.not-gguf' : 'models.truncated',
        );
      }),
      { numRuns: 150 },
    );
  });

  it('answers flipped bits in the header with a typed error or a valid parse', async () => {
    const flips = fc.array(fc.record({ at: fc.nat(headerLength - 1), bit: fc.nat(7) }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(flips, async (list) => {
        const bytes = Uint8Array.from(whole);
        for (const { at, bit } of list) bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        expect(await verdict(bytes)).toMatch(typed);
      }),
      { numRuns: 300 },
    );
  });

  it('answers eight bytes of any value anywhere near the counts and lengths with a typed error or a valid parse', async () => {
    const overwrite = fc.record({
      at: fc.nat(Math.min(headerLength, 2000) - 8),
      value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    });
    await fc.assert(
      fc.asyncProperty(overwrite, async ({ at, value }) => {
        const bytes = Uint8Array.from(whole);
        new DataView(bytes.buffer).setBigUint64(at, value, true);
        expect(await verdict(bytes)).toMatch(typed);
      }),
      { numRuns: 300 },
    );
  });

  it('answers random bytes after a good magic with a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (noise) => {
        const bytes = new Uint8Array(8 + noise.length);
        bytes.set([0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0]);
        bytes.set(noise, 8);
        expect(await verdict(bytes)).toMatch(typed);
      }),
      { numRuns: 300 },
    );
  });
});
