import { InvalidArgumentError } from 'commander';

/** A parser of a whole number between two bounds, for commander's options. */
const wholeNumberBetween =
  (least: number, most: number, says: string) =>
  (text: string): number => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(says);
  };

/** 0 stands for any free port. */
export const portNumber = wholeNumberBetween(0, 65_535, 'It must be a port from 0 to 65535.');
export const positiveInteger = wholeNumberBetween(
  1,
  Number.MAX_SAFE_INTEGER,
  'It must be a whole number from 1.',
);
export const wholeNumber = wholeNumberBetween(
  0,
  Number.MAX_SAFE_INTEGER,
  'It must be a whole number from 0.',
);

export const positiveNumber = (text: string): number => {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
};
