import { expect, it } from 'vitest';
import { modelPathsIn } from '../../../electron/shell/model-paths.ts';

it('finds the model files of a command line, relative to where it was typed', () => {
  const argv = ['--no-sandbox', '/opt/dyno', '--load=x.gguf', 'qwen.gguf', '/models/LLAMA.GGUF', 'notes.txt'];
  expect(modelPathsIn(argv, '/home/user/models')).toEqual([
    '/home/user/models/qwen.gguf',
    '/models/LLAMA.GGUF',
  ]);
});
