/** Text that is safe to stand in HTML and SVG. Made by `html` only, so that no value gets in unescaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Insert = Markup | string | number | readonly Insert[] | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const write = (insert: Insert): string => {
  if (insert === undefined) return '';
  if (insert instanceof Markup) return insert.text;
  if (typeof insert === 'object') return insert.map(write).join('');
  return String(insert).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
};

/** A piece of HTML; every inserted string is escaped, pieces and lists of pieces stay as they are. */
export const html = (parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup =>
  new Markup(parts.map((part, index) => part + write(inserts[index])).join(''));
