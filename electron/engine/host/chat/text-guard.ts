/** A noncharacter: no text that is meant to be read holds it. */
const mark = '\uFDD0';

export interface GuardedPiece {
  readonly text: string;
  /** Text of a control token that came from a message: it must stay text. */
  readonly isPlain: boolean;
}

/**
 * Keeps the text of control tokens in messages from becoming those tokens. Before rendering each such text is broken
 * by a mark that templates pass through; afterwards the marked places are cut out and tokenized as plain text.
 * Everything else is tokenized exactly as the template's author meant.
 */
export interface TextGuard {
  /** Guards every string in a plain JSON value. */
  protect(value: unknown): unknown;
  /** Rendered text in pieces, without marks. */
  split(rendered: string): readonly GuardedPiece[];
}

const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const broken = (text: string): string => `${text.slice(0, 1)}${mark}${text.slice(1)}`;

/** @param controlTexts longest first, so that a text within another does not hide it */
export const createTextGuard = (controlTexts: readonly string[]): TextGuard => {
  if (controlTexts.length === 0)
    return { protect: (value) => value, split: (rendered) => [{ text: rendered, isPlain: false }] };
  const whole = new RegExp(controlTexts.map(escapeForPattern).join('|'), 'g');
  const marked = new RegExp(`(${controlTexts.map((text) => escapeForPattern(broken(text))).join('|')})`);

  const protect = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(whole, broken);
    if (Array.isArray(value)) return value.map(protect);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [protect(key), protect(inner)]));
  };
  return {
    protect,
    split: (rendered) =>
      rendered
        .split(marked)
        // a split by one group puts the separators at the odd places
        .map((text, index) => ({
          text: index % 2 === 1 ? text.replace(mark, '') : text,
          isPlain: index % 2 === 1,
        }))
        .filter(({ text }) => text !== ''),
  };
};
