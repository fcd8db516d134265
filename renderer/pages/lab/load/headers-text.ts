/** What a request may carry in a name: letters, digits and a few marks (RFC 9110, token). */
const name = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Headers typed one per line, `Name: value`; the first line that is none in words. */
export const readHeaders = (
  text: string,
): { readonly headers: Readonly<Record<string, string>>; readonly problem: string | null } => {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const pairs = lines.map((line) => {
    const at = line.indexOf(':');
    return [line.slice(0, Math.max(0, at)).trim(), line.slice(at + 1).trim()] as const;
  });
  const wrong = pairs.findIndex(([key]) => !name.test(key));
  return {
    headers: Object.fromEntries(pairs.filter(([key]) => name.test(key))),
    problem: wrong < 0 ? null : `“${lines[wrong] ?? ''}” is not Name: value`,
  };
};
