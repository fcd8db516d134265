import { formatFigure } from './format.ts';

/** How a figure stands against another, in a word, a shape and a tone, so that colour is never the only code. */
export interface Verdict {
  readonly shape: '▲' | '▼' | '≈';
  readonly text: string;
  readonly tone: 'better' | 'worse' | 'same';
}

/** A difference in whole percent: more digits would pretend to know more. */
const percent = (share: number): string =>
  `${share < 0.01 ? formatFigure(share * 100) : Math.round(share * 100)} %`;

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
        text: ratio >= 1.5 ? `${formatFigure(ratio)}× as fast` : `${percent(ratio - 1)} faster`,
        tone: 'better',
      };
    case 'slower':
      return { shape: '▼', text: `${percent(1 - ratio)} slower`, tone: 'worse' };
    default:
      return verdict satisfies never;
  }
};
