import { unsupportedParameter } from '../parameters/parameter-error.ts';

/**
 * A grammar binds the whole answer, so with it the model could never call a tool it is free to call: refused rather
 * than passed over.
 * @param mayCall the request brings tools and leaves it to the model to call them
 */
export const checkFormatWithTools = (param: string, mayCall: boolean): void => {
  if (!mayCall) return;
  throw unsupportedParameter(
    param,
    'An answer that may call tools cannot be held to a format as well.',
    'Choose no tool for the answer in this format, or leave the format out.',
  );
};
