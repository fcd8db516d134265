/** `95 % interval`, or what the level of a look makes of it: `97.8 % interval`. */
export const intervalName = (confidence: number): string =>
  `${Math.round(confidence * 1000) / 10} % interval`;
