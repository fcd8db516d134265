import { createCallScanner, createMarkedScanner, type CallScanner } from './call-scanner.ts';
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

/** What may stand between the calls of a list, and before the first. */
const listSeparators = /^[\s,[]*/;

const newScanner = ({ argumentsMark }: ToolStyle): CallScanner =>
  argumentsMark === null ? createCallScanner() : createMarkedScanner(argumentsMark);

/** A reader that begins after `opening`; calls are numbered from `firstIndex`. */
export const createCallReader = (style: ToolStyle, opening: string, firstIndex: number): CallReader => {
  let fed = opening;
  let text = '';
  let state: CallReader['state'] = 'open';
  let index = firstIndex;
  let isNamed = false;
  let scanner: CallScanner | undefined = style.isList ? undefined : newScanner(style);

  const endCall = (rest: string): void => {
    text = rest;
    index += 1;
    scanner = undefined;
    if (style.close === null && !style.isList) state = 'done';
  };
  const scan = (current: CallScanner): CallPiece | undefined => {
    const number = index;
    const { name, argumentsDelta } = current.push(text);
    text = '';
    if (name !== undefined) isNamed = true;
    if (current.state === 'done') endCall(current.rest);
    // a call that was given out cannot be taken back: it ends where it stops being one
    if (current.state === 'broken') state = isNamed ? 'done' : 'broken';
    if (name !== undefined) return { index: number, name, argumentsDelta };
    return argumentsDelta === '' ? undefined : { index: number, argumentsDelta };
  };
  /** True while there is more to read. */
  const awaitClose = (close: string): boolean => {
    const { index: at, marker } = findMarker(text, [close]);
    // a model that forgets the mark and goes on with text has ended its call
    const isForgotten = marker === undefined && text.slice(0, at).trim() !== '';
    if (marker === undefined && !isForgotten) return false;
    if (marker !== undefined) text = text.slice(at + marker.length);
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
        if (scanner !== undefined) {
          const found = scan(scanner);
          if (found !== undefined) pieces.push(found);
          goesOn = text !== '';
        } else goesOn = style.close === null ? nextOfList() : awaitClose(style.close);
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
