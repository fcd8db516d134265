import type { RecordedPiece } from '../../../../shared/contract/recording.ts';

/** A piece of an answer with how long it took after the one before, milliseconds; `null` for the first. */
export interface TimedPiece extends RecordedPiece {
  readonly index: number;
  readonly gapMs: number | null;
}

export const timePieces = (pieces: readonly RecordedPiece[]): readonly TimedPiece[] =>
  pieces.map((piece, index) => {
    const before = pieces[index - 1];
    return { ...piece, index, gapMs: before === undefined ? null : piece.atMs - before.atMs };
  });

/** The text of one channel, joined. */
export const textOf = (pieces: readonly RecordedPiece[], channel: RecordedPiece['channel']): string =>
  pieces
    .filter((piece) => piece.channel === channel)
    .map(({ text }) => text)
    .join('');

/** JSON laid out to be read; what is no JSON as it came. */
export const readableBody = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};
