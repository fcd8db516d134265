/** Collects named GBNF rules; equal bodies get one rule. */
export interface GbnfRules {
  /** Name of a rule with this body; made when there is none yet. */
  add(hint: string, body: string): string;
  /** Reserves a name, for rules that refer to themselves; its body follows by `define`. */
  reserve(hint: string): string;
  define(name: string, body: string): void;
  /** The grammar with `root` as its first rule. */
  toText(root: string): string;
}

/** Any JSON value. Numbers and white space are bounded: a small model would fill the answer with either. */
const jsonRules = {
  ws: '( " " | "\\n" [ \\t]{0,20} )?',
  char: '[^"\\\\\\x7F\\x00-\\x1F] | "\\\\" ( ["\\\\/bfnrt] | "u" [0-9a-fA-F]{4} )',
  string: '"\\"" char* "\\""',
  integral: '"-"? ( "0" | [1-9] [0-9]{0,15} )',
  number: 'integral ( "." [0-9]{1,16} )? ( [eE] [-+]? [0-9]{1,3} )?',
  boolean: '"true" | "false"',
  null: '"null"',
  object: '"{" ws ( string ":" ws value ( "," ws string ":" ws value )* )? ws "}"',
  array: '"[" ws ( value ( "," ws value )* )? ws "]"',
  value: 'object | array | string | number | boolean | null',
} as const;

/** Text as a GBNF literal. */
export const literal = (text: string): string =>
  `"${text.replace(/["\\\n\r\t]/g, (character) => ({ '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[character] ?? character)}"`;

/** A JSON value as the literal text a model writes for it. */
export const jsonLiteral = (value: unknown): string => literal(JSON.stringify(value));

export const createGbnfRules = (): GbnfRules => {
  const bodies = new Map<string, string>(Object.entries(jsonRules));
  const names = new Map<string, string>([...bodies].map(([name, body]) => [body, name]));

  const free = (hint: string): string => {
    const base = hint.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '') || 'rule';
    if (base !== 'root' && !bodies.has(base)) return base;
    for (let number = 1; ; number += 1) if (!bodies.has(`${base}-${number}`)) return `${base}-${number}`;
  };
  const reserve = (hint: string): string => {
    const name = free(hint);
    bodies.set(name, '');
    return name;
  };
  return {
    add: (hint, body) => {
      const known = names.get(body);
      if (known !== undefined) return known;
      const name = reserve(hint);
      bodies.set(name, body);
      names.set(body, name);
      return name;
    },
    reserve,
    define: (name, body) => void bodies.set(name, body),
    toText: (root) =>
      [`root ::= ${root}`, ...[...bodies].map(([name, body]) => `${name} ::= ${body}`)].join('\n'),
  };
};
