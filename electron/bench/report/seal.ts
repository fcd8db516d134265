import { sha256Of } from '../workload.ts';

/**
 * A seal over the text of a document: a marker near its end that carries the SHA-256 of the document with the marker's
 * own digits as zeros and line ends as \n. It shows a change, not who made it.
 */
const mark = 'dyno-seal:sha256:';
const blank = '0'.repeat(64);

/** Where a document puts its seal; `seal` fills it in. */
export const sealSlot = mark + blank;

const hashOf = (text: string): string => sha256Of(text.replaceAll('\r\n', '\n'));

/** Writes the seal into the last slot of the text. */
export const seal = (text: string): string => {
  const at = text.lastIndexOf(sealSlot);
  return at < 0 ? text : text.slice(0, at) + mark + hashOf(text) + text.slice(at + sealSlot.length);
};

/** `undefined` when the text has no seal. */
export const isSealIntact = (text: string): boolean | undefined => {
  const at = text.lastIndexOf(mark);
  const found = /^[0-9a-f]{64}/.exec(text.slice(at + mark.length))?.[0];
  if (at < 0 || found === undefined) return undefined;
  const from = at + mark.length;
  return hashOf(text.slice(0, from) + blank + text.slice(from + blank.length)) === found;
};
