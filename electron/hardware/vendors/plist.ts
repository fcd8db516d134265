/** A value of Apple's property lists; dates and data stay text. */
export type PlistValue =
  string | number | boolean | readonly PlistValue[] | { readonly [key: string]: PlistValue };

interface Token {
  readonly tag: string;
  readonly isEnd: boolean;
  readonly isEmpty: boolean;
  /** Text between this tag and the next. */
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decode = (text: string): string =>
  text.replace(/&(#x?[\da-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole;
    const code = name.startsWith('#x') ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const tokenize = (xml: string): readonly Token[] =>
  [...xml.matchAll(/<(\/?)([a-z]+)([^>]*?)(\/?)>([^<]*)/g)].map((match) => ({
    isEnd: match[1] === '/',
    tag: match[2] ?? '',
    isEmpty: match[4] === '/',
    text: match[5] ?? '',
  }));

const MAX_DEPTH = 64;

/**
 * Reads an XML property list, as `ioreg -a` writes it. `undefined` for anything that is not a whole one.
 * Integers beyond 2^53 lose digits; none that we read is that large.
 */
export const parsePlist = (xml: string): PlistValue | undefined => {
  const tokens = tokenize(xml);
  let at = tokens.findIndex(({ tag, isEnd }) => tag === 'plist' && !isEnd) + 1;
  if (at === 0) return undefined;

  const skipEnd = (tag: string): boolean => {
    const token = tokens[at];
    if (token?.isEnd !== true || token.tag !== tag) return false;
    at += 1;
    return true;
  };

  const readMany = <Item>(tag: string, readItem: () => Item | undefined): readonly Item[] | undefined => {
    const items: Item[] = [];
    while (!skipEnd(tag)) {
      const item = readItem();
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  };

  const readPair = (depth: number): readonly [string, PlistValue] | undefined => {
    const key = tokens[at];
    if (key?.tag !== 'key' || key.isEnd) return undefined;
    at += 1;
    if (!skipEnd('key')) return undefined;
    const value = read(depth);
    return value === undefined ? undefined : [decode(key.text), value];
  };

  const read = (depth: number): PlistValue | undefined => {
    const token = tokens[at];
    if (token === undefined || token.isEnd || depth > MAX_DEPTH) return undefined;
    at += 1;
    if (token.tag === 'true' || token.tag === 'false') {
      if (!token.isEmpty && !skipEnd(token.tag)) return undefined;
      return token.tag === 'true';
    }
    if (token.tag === 'array') return token.isEmpty ? [] : readMany('array', () => read(depth + 1));
    if (token.tag === 'dict') {
      if (token.isEmpty) return {};
      const pairs = readMany('dict', () => readPair(depth + 1));
      return pairs === undefined ? undefined : Object.fromEntries(pairs);
    }
    if (!token.isEmpty && !skipEnd(token.tag)) return undefined;
    return token.tag === 'integer' || token.tag === 'real' ? Number(token.text) : decode(token.text).trim();
  };

  return read(0);
};
