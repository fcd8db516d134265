import { createCallScanner, type CallScanner } from './call-scanner.ts';
import { findMarker } from './find-marker.ts';
import type { ToolStyle } from './tool-style.ts';

export interface CallPiece {
  readonly index: number;
  /** Set on the first piece of a call. */
  readonly name?: string;
  readonly argumentsDelta: string;
}

/** Reads everything between a call's opening mark and its end. */
export interface CallReader {
  push(text: string): readonly CallPiece[];
  readonly state: 'open' | 'done' | 'broken';
  /** Text after the end. */
  readonly rest: string;
  /** Everything taken in, the opening mark included: the text to show when it was no call. */
  readonly fed: string;
  /** A call was given out. */
  readonly isNamed: boolean;
}

/** What may stand between the calls of a list, and around them. */
const listSeparators = /^[\s,[]*/;

/** A reader that begins after `opening`; calls are numbered from `firstIndex`. */
export const createCallReader = (style: ToolStyle, opening: string, firstIndex: number): CallReader => {
  let fed = opening;
  let text = '';
  let state: CallReader['state'] = 'open';
  let index = firstIndex;
  let isNamed = false;
  let scanner: CallScanner | undefined = style.isList ? undefined : newScanner(style);
  let awaitsClose = false;

  const scan = (pieces: CallPiece[]): boolean => {
    if (scanner === undefined) return false;
    const { name, argumentsDelta } = scanner.push(text);
    text = '';
    if (name !== undefined) isNamed = true;
    if (name !== undefined || argumentsDelta !== '')
      pieces.push({ index, argumentsDelta, ...(name !== undefined && { name }) });
    if (scanner.state === 'open') return false;
    text = scanner.rest;
    if (scanner.state === 'broken') {
      state = isNamed ? 'done' : 'broken';
      return false;
    }
    index += 1;
    scanner = undefined;
    awaitsClose = style.close !== null;
    if (!awaitsClose && !style.isList) state = 'done';
    return true;
  };
  const close = (mark: string): boolean => {
    const match = findMarker(text, [mark]);
    if (match.marker === undefined) {
      // a model that forgets the closing mark and goes on with text has ended its call
      if (text.trim() !== '' && match.index > 0 && text.slice(0, match.index).trim() !== '') state = 'done';
      return false;
    }
    text = text.slice(match.index + mark.length);
    state = 'done';
    return false;
  };
  const nextOfList = (): boolean => {
    text = text.replace(listSeparators, '');
    if (text === '') return false;
    if (text.startsWith('{')) {
      scanner = newScanner(style);
      return true;
    }
    if (text.startsWith(']')) text = text.slice(1);
    state = isNamed ? 'done' : 'broken';
    return false;
  };

  return {
    push: (piece) => {
      fed += piece;
      text += piece;
      const pieces: CallPiece[] = [];
      let goesOn = true;
      while (goesOn && state === 'open') {
        if (scanner !== undefined) goesOn = scan(pieces);
        else if (awaitsClose && style.close !== null) goesOn = close(style.close);
        else goesOn = nextOfList();
      }
      return pieces;
    },
    get state() {
      return state;
    },
    get rest() {
      return text;
    },
    get fed() {
      return fed;
    },
    get isNamed() {
      return isNamed;
    },
  };
};

/** `name[ARGS]{…}` read as if it were `{"name": …, "arguments": …}`. */
const createArgsScanner = (mark: string): CallScanner => {
  let head = '';
  const inner = createCallScanner();
  let isNamed = false;
  let depthText = '';
  let state: CallScanner['state'] = 'open';
  return {
    push: (text) => {
      if (isNamed) {
        depthText = text;
        const scanned = inner.push(depthText);
        if (inner.state !== 'open') state = inner.state;
        return scanned;
      }
      head += text;
      const at = head.indexOf(mark);
      if (at < 0) {
        if (head.length > 256 || head.includes('\n')) state = 'broken';
        return { argumentsDelta: '' };
      }
      isNamed = true;
      const name = head.slice(0, at).trim();
      if (!/^[\w.-]+$/.test(name)) {
        state = 'broken';
        return { argumentsDelta: '' };
      }
      // the arguments end with their own brace: the one that closes this frame is added when they do
      return inner.push(`{"name":${JSON.stringify(name)},"arguments":${head.slice(at + mark.length)}`);
    },
    get state() {
      return state;
    },
    get rest() {
      return inner.rest;
    },
    get isNamed() {
      return inner.isNamed;
    },
  };
};

const newScanner = (style: ToolStyle): CallScanner =>
  style.argumentsMark === null ? createCallScanner() : createArgsScanner(style.argumentsMark);
