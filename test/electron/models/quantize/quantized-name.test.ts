import { expect, test } from 'vitest';
import { imatrixName, quantizedName } from '../../../../electron/models/quantized-name.ts';

test.each([
  ['/m/llama-3b-f16.gguf', 'llama-3b-Q4_K_M.gguf'],
  ['/m/llama-3b.BF16.gguf', 'llama-3b-Q4_K_M.gguf'],
  ['/m/Qwen3-0.6B-Q4_K_M.gguf', 'Qwen3-0.6B-Q4_K_M.gguf'],
  ['/m/Qwen3-0.6B-Q4_K.gguf', 'Qwen3-0.6B-Q4_K_M.gguf'],
  ['/m/big-F16-00001-of-00003.gguf', 'big-Q4_K_M.gguf'],
  ['/m/plain.gguf', 'plain-Q4_K_M.gguf'],
  [String.raw`C:\models\plain_fp16.GGUF`, 'plain-Q4_K_M.gguf'],
  ['/blobs/sha256-0123', 'sha256-0123-Q4_K_M.gguf'],
])('%s becomes %s', (path, name) => {
  expect(quantizedName({ path }, 'Q4_K_M')).toBe(name);
});

test('a name says that an importance matrix was used, and which file that matrix is', () => {
  const source = { path: '/m/llama-3b-f16.gguf' };
  expect(quantizedName(source, 'IQ2_XS', true)).toBe('llama-3b-IQ2_XS-imatrix.gguf');
  expect(imatrixName(source)).toBe('llama-3b-imatrix.gguf');
  expect(quantizedName({ path: '/m/llama-3b-IQ2_XS-imatrix.gguf' }, 'Q2_K')).toBe('llama-3b-Q2_K.gguf');
});
