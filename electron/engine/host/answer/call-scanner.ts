/** Follows one JSON value through its characters, to know where it ends. */
interface ValueTracker {
  /** `inside`: the character belongs to the value and more may follow; `last`: it ends it; `after`: the value ended before it. */
  take(character: string): 'inside' | 'last' | 'after';
}

const createValueTracker = (): ValueTracker => {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let hasBegun = false;
  const takeInString = (character: string): 'inside' | 'last' => {
    if (isEscaped) isEscaped = false;
    else if (character === '\\') isEscaped = true;
    else if (character === '"') {
      isInString = false;
      if (depth === 0) return 'last';
    }
    return 'inside';
  };
  return {
    take: (character) => {
      if (isInString) return takeInString(character);
      if (depth === 0 && hasBegun && /[,\s}\]]/.test(character)) return 'after';
      if (depth === 0 && !hasBegun && /[}\]]/.test(character)) return 'after';
      if (character.trim() !== '') hasBegun = true;
      if (character === '"') isInString = true;
      else if (character === '{' || character === '[') depth += 1;
      else if (character === '}' || character === ']') {
        depth -= 1;
        if (depth === 0) return 'last';
      }
      return 'inside';
    },
  };
};

export interface ScannedCall {
  /** Set once, when the name is complete. */
  readonly name?: string;
  /** Next piece of the arguments' JSON text. */
  readonly argumentsDelta: string;
}

/** Reads one call as it is generated: the name when it is complete, then the arguments piece by piece. */
export interface CallScanner {
  push(text: string): ScannedCall;
  /** `broken`: what was fed is no call. */
  readonly state: 'open' | 'done' | 'broken';
  /** Text after the end. */
  readonly rest: string;
}

const readString = (json: string): string | undefined => {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined; // not JSON: the caller says `broken`
  }
};

const argumentKeys = new Set(['arguments', 'parameters', 'args']);
/** Longest text before the name that is still believed to be a call. */
const longestHead = 4096;

/**
 * Scanner of `{"name": …, "arguments": …}` in any key order; arguments that come as a JSON string are unpacked when
 * complete. With `knownName` it begins at the arguments' value and ends with it.
 */
export const createCallScanner = (knownName?: string): CallScanner => {
  let phase: 'start' | 'next' | 'key' | 'colon' | 'value' = knownName === undefined ? 'start' : 'value';
  let state: CallScanner['state'] = 'open';
  let key = knownName === undefined ? '' : 'arguments';
  let value = '';
  let tracker = createValueTracker();
  let name = knownName;
  let isNameGiven = false;
  let pending = '';
  let rest = '';
  let head = 0;

  const isArgument = () => argumentKeys.has(key);
  const isPacked = () => value.trimStart().startsWith('"');
  const fail = (): void => {
    state = 'broken';
  };
  const endValue = (): void => {
    phase = 'next';
    if (key === 'name') {
      name = readString(value.trim());
      if (name === undefined || name === '') fail();
    } else if (isArgument() && isPacked()) {
      const unpacked = readString(value.trim());
      if (unpacked === undefined) fail();
      else pending += unpacked;
    }
    if (knownName !== undefined) state = value.trim() === '' ? 'broken' : 'done';
  };
  const feedValue = (character: string): void => {
    const place = tracker.take(character);
    if (place !== 'after') {
      value += character;
      if (isArgument() && value.trim() !== '' && !isPacked()) pending += character;
    }
    if (place === 'inside') return;
    endValue();
    if (place === 'after' && state === 'open') feed(character);
  };
  const feed = (character: string): void => {
    const isSpace = character.trim() === '';
    switch (phase) {
      case 'start':
        if (character === '{') phase = 'next';
        else if (!isSpace) fail();
        break;
      case 'next':
        if (character === '"') {
          phase = 'key';
          key = '';
        } else if (character === '}') state = name === undefined ? 'broken' : 'done';
        else if (!isSpace && character !== ',') fail();
        break;
      case 'key':
        if (character === '"') phase = 'colon';
        else key += character;
        break;
      case 'colon':
        if (character === ':') {
          phase = 'value';
          value = '';
          tracker = createValueTracker();
        } else if (!isSpace) fail();
        break;
      case 'value':
        feedValue(character);
        break;
      default:
        phase satisfies never;
    }
  };

  return {
    push: (text) => {
      let used = 0;
      for (const character of text) {
        if (state !== 'open') break;
        feed(character);
        used += character.length;
      }
      rest += text.slice(used);
      head += used;
      if (name === undefined && head > longestHead) fail();
      if (name === undefined || state === 'broken') return { argumentsDelta: '' };
      const argumentsDelta = pending;
      pending = '';
      if (isNameGiven) return { argumentsDelta };
      isNameGiven = true;
      return { name, argumentsDelta };
    },
    get state() {
      return state;
    },
    get rest() {
      return rest;
    },
  };
};

/** Longest function name before its mark. */
const longestName = 256;

/** Scanner of `name[ARGS]{…}`. */
export const createMarkedScanner = (mark: string): CallScanner => {
  let head = '';
  let inner: CallScanner | undefined;
  let isBroken = false;
  return {
    push: (text) => {
      if (inner !== undefined) return inner.push(text);
      head += text;
      const at = head.indexOf(mark);
      const name = head.slice(0, Math.max(at, 0)).trim();
      if (at < 0) isBroken = head.length > longestName || /[\n{]/.test(head);
      else if (!/^[\w.-]+$/.test(name)) isBroken = true;
      else {
        inner = createCallScanner(name);
        return inner.push(head.slice(at + mark.length));
      }
      return { argumentsDelta: '' };
    },
    get state() {
      return isBroken ? 'broken' : (inner?.state ?? 'open');
    },
    get rest() {
      return inner?.rest ?? '';
    },
  };
};
