import { describe, expect, test } from 'vitest';
import { chooseByPath, chooseByTag, type HubFile } from '../../../../electron/models/hub-files.ts';

const file = (path: string): HubFile => ({ path, sizeBytes: 1, sha256: null });
const files = [
  'README.md',
  'mmproj-F16.gguf',
  'm-imatrix.gguf',
  'm-Q4_K_M.gguf',
  'm-Q4_K_S.gguf',
  'm-Q8_0.gguf',
  'm-UD-Q4_K_XL.gguf',
  'BF16/m-BF16-00002-of-00002.gguf',
  'BF16/m-BF16-00001-of-00002.gguf',
  'm-F32-00001-of-00002.gguf',
].map(file);
const paths = (chosen: readonly HubFile[]) => chosen.map(({ path }) => path);
const failing = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('chooseByTag', () => {
  test('takes the tag as a whole word, in any letter case', () => {
    expect(paths(chooseByTag(files, 'o/r', 'q4_k_m'))).toEqual(['m-Q4_K_M.gguf']);
    expect(paths(chooseByTag(files, 'o/r', 'Q4_K_XL'))).toEqual(['m-UD-Q4_K_XL.gguf']);
  });

  test('gives all parts of a split model in order', () => {
    expect(paths(chooseByTag(files, 'o/r', 'BF16'))).toEqual([
      'BF16/m-BF16-00001-of-00002.gguf',
      'BF16/m-BF16-00002-of-00002.gguf',
    ]);
  });

  test('names the models there are when none has the tag', () => {
    expect(failing(() => chooseByTag(files, 'o/r', 'Q4_K'))).toMatchObject({
      code: 'models.not-found',
      message: 'o/r has no Q4_K.',
      hint: 'It has BF16/m-BF16, m-F32, m-Q4_K_M, m-Q4_K_S, m-Q8_0, m-UD-Q4_K_XL.',
    });
  });

  test('asks which one when the repository alone is named and holds several', () => {
    expect(failing(() => chooseByTag(files, 'o/r', null))).toMatchObject({ code: 'models.ambiguous' });
    expect(paths(chooseByTag([file('only.gguf'), file('mmproj-only.gguf')], 'o/r', null))).toEqual([
      'only.gguf',
    ]);
  });

  test('says that a repository holds no GGUF, or not all parts of one', () => {
    expect(failing(() => chooseByTag([file('model.safetensors')], 'o/r', 'Q8_0'))).toMatchObject({
      message: 'o/r holds no GGUF file.',
    });
    expect(failing(() => chooseByTag(files, 'o/r', 'F32'))).toMatchObject({ code: 'models.missing-part' });
  });
});

describe('chooseByPath', () => {
  test('takes exactly the named file, also one no tag would choose', () => {
    expect(paths(chooseByPath(files, 'o/r', 'mmproj-F16.gguf'))).toEqual(['mmproj-F16.gguf']);
  });

  test('adds the other parts when one part is named', () => {
    expect(paths(chooseByPath(files, 'o/r', 'BF16/m-BF16-00002-of-00002.gguf'))).toHaveLength(2);
  });

  test('refuses a name that is not there', () => {
    expect(failing(() => chooseByPath(files, 'o/r', 'x.gguf'))).toMatchObject({ code: 'models.not-found' });
  });
});
