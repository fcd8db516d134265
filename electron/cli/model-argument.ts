import { isAbsolute, resolve } from 'node:path';
import { Argument } from 'commander';

/** A model argument: an id stays as it is; what looks like a path becomes absolute, since a host may run elsewhere. */
export const readModelArgument = (text: string): string => {
  const isRelativePath = text.startsWith('.') || (text.includes('/') && !text.includes(':'));
  return isAbsolute(text) || isRelativePath || text.endsWith('.gguf') ? resolve(text) : text;
};

/** `https://…`, `hf:owner/repo/file.gguf`, `owner/repo:Q4_K_M`; a path with a drive letter is none. */
const isAddress = (text: string): boolean =>
  /^(https?|hf|huggingface):/i.test(text) || /^[\w.-]+\/[\w.@-]+:/.test(text);

/** A model argument that may be an address, too. */
export const readSourceArgument = (text: string): string =>
  isAddress(text) ? text : readModelArgument(text);

export const modelArgument = (): Argument =>
  new Argument('<model>', 'id or path').argParser(readModelArgument);
