import { isAbsolute, resolve } from 'node:path';
import { Argument } from 'commander';

/** A model argument: an id stays as it is; what looks like a path becomes absolute, since a host may run elsewhere. */
export const readModelArgument = (text: string): string => {
  const isRelativePath = text.startsWith('.') || (text.includes('/') && !text.includes(':'));
  return isAbsolute(text) || isRelativePath || text.endsWith('.gguf') ? resolve(text) : text;
};

export const modelArgument = (): Argument =>
  new Argument('<model>', 'id or path').argParser(readModelArgument);
