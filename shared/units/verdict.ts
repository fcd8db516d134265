import { formatFigure } from './format.ts';

/** How a figure stands against another, in a word, a shape and a tone, so that colour is never the only code. */
export interface Verdict {
  readonly shape: '▲' | '▼' | '≈';
  readonly text: string;
  readonly tone: 'better' | 'worse' | 'same';
}

const size = (ratio: number): string =>
  ratio >= 1.5 ? `${formatFigure(ratio)}×` : `${formatFigure((ratio - 1) * 100)} %`;

/**
 * Writes a speed ratio. The caller has decided whether the difference can be told from noise.
 * @param ratio speed over the base's speed, > 0
 */
export const speedVerdict = (
  ratio: number,
  verdict: 'faster' | 'slower' | 'not-distinguishable',
): Verdict => {
  switch (verdict) {
    case 'not-distinguishable':
      return { shape: '≈', text: 'no difference', tone: 'same' };
    case 'faster':
      return {
        shape: '▲',
        text: ratio >= 1.5 ? `${size(ratio)} as fast` : `${size(ratio)} faster`,
        tone: 'better',
      };
    case 'slower':
      return { shape: '▼', text: `${formatFigure((1 - ratio) * 100)} % slower`, tone: 'worse' };
    default:
      return verdict satisfies never;
  }
};
