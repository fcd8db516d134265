/** Follows one JSON value through pieces of text, so that it can be passed on before it is complete. */
interface ValueTracker {
  depth: number;
  isInString: boolean;
  isEscaped: boolean;
  hasBegun: boolean;
}

const newTracker = (): ValueTracker => ({ depth: 0, isInString: false, isEscaped: false, hasBegun: false });

/** Feeds one character; `true` when the value ended with it, `'before'` when it ended before it. */
const track = (tracker: ValueTracker, character: string): boolean | 'before' => {
  if (tracker.isInString) {
    if (tracker.isEscaped) tracker.isEscaped = false;
    else if (character === '\\') tracker.isEscaped = true;
    else if (character === '"') {
      tracker.isInString = false;
      return tracker.depth === 0;
    }
    return false;
  }
  if (character === '"') tracker.isInString = true;
  else if (character === '{' || character === '[') tracker.depth += 1;
  else if (character === '}' || character === ']') {
    if (tracker.depth === 0) return 'before';
    tracker.depth -= 1;
    if (tracker.depth === 0) return true;
  } else if (tracker.depth === 0 && tracker.hasBegun && /[,\s]/.test(character)) return 'before';
  if (character.trim() !== '') tracker.hasBegun = true;
  return false;
};

export interface ScannedCall {
  /** Set once, when the name is complete. */
  readonly name?: string;
  /** Next piece of the arguments' JSON text. */
  readonly argumentsDelta: string;
}

export interface CallScanner {
  /** Takes text in; gives what became known. Text after the end of the call stays in `rest`. */
  push(text: string): ScannedCall;
  /** `broken`: not a call; everything fed so far is then plain text. */
  readonly state: 'open' | 'done' | 'broken';
  readonly rest: string;
  /** True once the name was given out, after which the call cannot be taken back. */
  readonly isNamed: boolean;
}

const readString = (json: string): string | undefined => {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined; // a name that is not JSON: the caller says `broken`
  }
};

const argumentKeys = new Set(['arguments', 'parameters', 'args']);
/** Longest text before the name that is still believed to be a call. */
const longestHead = 4096;

/**
 * Reads `{"name": …, "arguments": …}` in any key order as it is generated: the name when it is complete, then the
 * arguments piece by piece. Arguments that come as a JSON string are unpacked when complete.
 */
export const createCallScanner = (): CallScanner => {
  let phase: 'start' | 'key' | 'colon' | 'value' | 'next' | 'end' = 'start';
  let state: CallScanner['state'] = 'open';
  let key = '';
  let value = '';
  let tracker = newTracker();
  let name: string | undefined;
  let isNameGiven = false;
  let pendingArguments = '';
  let rest = '';
  let head = 0;

  const fail = () => {
    state = 'broken';
  };
  const endValue = () => {
    if (key === 'name') {
      name = readString(value.trim());
      if (name === undefined || name === '') return fail();
    } else if (argumentKeys.has(key) && value.trimStart().startsWith('"')) {
      const unpacked = readString(value.trim());
      if (unpacked === undefined) return fail();
      pendingArguments += unpacked;
    }
    phase = 'next';
    value = '';
  };
  const feedValue = (character: string) => {
    const ended = track(tracker, character);
    const isStreamed =
      argumentKeys.has(key) &&
      !value.trimStart().startsWith('"') &&
      !(value.trim() === '' && character === '"');
    if (ended !== 'before') {
      value += character;
      if (isStreamed && value.trim() !== '')
        pendingArguments += value.trim().length === 1 ? character.trim() : character;
    }
    if (ended === false) return;
    endValue();
    if (ended === 'before' && state === 'open') feed(character);
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
        } else if (character === '}') {
          phase = 'end';
          state = name === undefined ? 'broken' : 'done';
        } else if (!isSpace && character !== ',') fail();
        break;
      case 'key':
        if (character === '"') phase = 'colon';
        else key += character;
        break;
      case 'colon':
        if (character === ':') {
          phase = 'value';
          value = '';
          tracker = newTracker();
        } else if (!isSpace) fail();
        break;
      case 'value':
        feedValue(character);
        break;
      case 'end':
        break;
      default:
        phase satisfies never;
    }
  };

  return {
    push: (text) => {
      const characters = [...text];
      let used = 0;
      for (; used < characters.length && state === 'open'; used += 1) feed(characters[used] ?? '');
      rest += characters.slice(used).join('');
      head += used;
      if (name === undefined && head > longestHead) fail();
      if (name === undefined || state === 'broken') return { argumentsDelta: '' };
      const argumentsDelta = pendingArguments;
      pendingArguments = '';
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
    get isNamed() {
      return isNameGiven;
    },
  };
};
