import { AppError } from '../../../shared/errors/app-error.ts';

/** Deeper than any JSON schema or tool argument in use; V8 and llama.cpp's grammar both recurse on depth. */
const MAX_DEPTH = 64;

const badJson = (message: string, cause?: unknown): AppError =>
  new AppError('gateway.invalid-json', message, { cause, hint: 'Send one JSON object in UTF-8.' });

/** Refuses nesting past `MAX_DEPTH` before the parser recurses into it. One pass, no allocation. */
const checkDepth = (text: string): void => {
  let depth = 0;
  let isString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isString) {
      if (code === 0x5c) index += 1;
      else if (code === 0x22) isString = false;
    } else if (code === 0x22) isString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) throw badJson(`The body is nested deeper than ${MAX_DEPTH} levels.`);
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
};

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** `__proto__`, or `constructor` with a `prototype` in it: names that poison prototypes when objects are merged. */
const checkNames = (value: unknown): void => {
  if (!isObject(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (
      name === '__proto__' ||
      (name === 'constructor' && isObject(inner) && Object.hasOwn(inner, 'prototype'))
    ) {
      throw badJson(`The body has a member named ${name}, which is not accepted.`);
    }
    checkNames(inner);
  }
};

/** Escapes can spell the names, so an escaped letter makes them suspect as well. */
const SUSPECT = /__proto__|constructor|\\u00/u;

/**
 * The body as JSON: strict UTF-8, an object at the top, bounded depth, no prototype-poisoning names.
 * @throws AppError `gateway.invalid-json`
 */
export const parseJson = (bytes: Uint8Array): object => {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw badJson('The body is not valid UTF-8.', cause);
  }
  checkDepth(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw badJson(
      `The body is not valid JSON: ${cause instanceof Error ? cause.message : 'it cannot be read'}.`,
      cause,
    );
  }
  if (!isObject(value) || Array.isArray(value)) throw badJson('The body is not a JSON object.');
  if (SUSPECT.test(text)) checkNames(value);
  return value;
};
