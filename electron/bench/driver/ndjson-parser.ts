import type { StreamParser } from './sse-parser.ts';

/** Incremental parser of newline-delimited JSON: one event per line that is not empty. */
export const createNdjsonParser = (): StreamParser => {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  return {
    push: (bytes) => {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      return lines.filter((line) => line.trim() !== '').map((data) => ({ type: 'message', data }));
    },
  };
};
