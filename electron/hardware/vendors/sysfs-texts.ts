import { known, unknown, type Reading } from '../reading.ts';

/** What reading one small file gave: its trimmed text, or why there is none. */
export type FileText = { readonly text: string } | { readonly text: null; readonly reason: string };

/** Files of one device by name (`gpu_busy_percent`, `hwmon/temp1_input`). A name that was not read has no entry. */
export type FileTexts = ReadonlyMap<string, FileText>;

/** The text of a file, or `undefined`. */
export const textOf = (texts: FileTexts, name: string): string | undefined =>
  texts.get(name)?.text ?? undefined;

/** The number in a file over `divisor`, with `sysfs <name>` as its source. */
export const numberOf = (texts: FileTexts, name: string, divisor = 1): Reading => {
  const found = texts.get(name);
  if (found === undefined) return unknown(`this driver has no ${name}`);
  if (found.text === null) return unknown(found.reason);
  const value = found.text === '' ? Number.NaN : Number(found.text);
  return Number.isFinite(value)
    ? known(value / divisor, `sysfs ${name}`)
    : unknown(`${name} says ${found.text}`);
};

/** The prefix (`temp2`) of the hwmon channel whose label is one of `labels`, the first label first. */
export const channelLabelled = (
  texts: FileTexts,
  kind: string,
  labels: readonly string[],
): string | undefined => {
  for (const label of labels) {
    for (const [name, found] of texts) {
      const channel = new RegExp(`^hwmon/(${kind}\\d+)_label$`).exec(name)?.[1];
      if (channel !== undefined && found.text === label) return channel;
    }
  }
  return undefined;
};
