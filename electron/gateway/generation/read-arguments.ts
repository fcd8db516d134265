/** The arguments of a call as an object; a call that was cut off is no JSON, and is handed on as the text it is. */
export const readArguments = (text: string): unknown => {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return { INVALID_JSON: text };
  }
};
