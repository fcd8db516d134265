import { isAbsolute, resolve } from 'node:path';

/** The model files among a command line's arguments, absolute. `folder` is where it was typed. */
export const modelPathsIn = (argv: readonly string[], folder: string): readonly string[] =>
  argv
    .filter((argument) => !argument.startsWith('-') && argument.toLowerCase().endsWith('.gguf'))
    .map((path) => (isAbsolute(path) ? path : resolve(folder, path)));
