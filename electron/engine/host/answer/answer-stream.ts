import type { GenerateEvent, TokenLogprob } from '../../engine.ts';
import { createCallReader, type CallReader } from './call-reader.ts';
import { findMarker } from './find-marker.ts';
import type { ReasoningStyle } from './reasoning-style.ts';
import type { ToolStyle } from './tool-style.ts';

export interface AnswerShape {
  readonly stop: readonly string[];
  readonly reasoning: ReasoningStyle | undefined;
  /** The prompt left a thinking block open. */
  readonly startsInReasoning: boolean;
  /** Set when the request brought tools it may call. */
  readonly tools: ToolStyle | undefined;
  /** Gives each call its id. */
  readonly newCallId: () => string;
}

export type AnswerEvent = Extract<GenerateEvent, { type: 'delta' | 'tool-call' }>;
export type AnswerMode = 'reasoning' | 'content' | 'tool';

export interface AnswerStream {
  /** Text of one token, and its log-probability where asked for. */
  push(bytes: Uint8Array, logprob?: TokenLogprob): readonly AnswerEvent[];
  /** What was held back; to be called once, after the last token. */
  end(): readonly AnswerEvent[];
  /** A stop string was met; it and what follows it are cut off. */
  readonly isStopped: boolean;
  /** That stop string. */
  readonly stoppedBy: string | undefined;
  readonly mode: AnswerMode;
  readonly hasCalls: boolean;
  readonly reasoningTokens: number;
}

/**
 * Turns tokens into deltas: whole characters only, stop strings cut out, thoughts and tool calls in channels of their
 * own. Text that may be the beginning of a mark waits until it is known.
 */
export const createAnswerStream = (shape: AnswerShape): AnswerStream => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const { reasoning, tools, stop } = shape;
  let mode: AnswerMode = reasoning !== undefined && shape.startsInReasoning ? 'reasoning' : 'content';
  let text = '';
  /** Leading whitespace of this part is layout of the template, not answer. */
  let skipsSpace = mode === 'reasoning';
  let hasContent = false;
  let stoppedBy: string | undefined;
  let calls = 0;
  let reasoningTokens = 0;
  let reader: CallReader | undefined;
  let heldTokens = 0;
  let heldLogprobs: TokenLogprob[] = [];
  let events: AnswerEvent[] = [];

  const takeTokens = (): number => {
    const tokens = heldTokens;
    heldTokens = 0;
    return tokens;
  };
  const emit = (piece: string): void => {
    const shown = skipsSpace ? piece.trimStart() : piece;
    if (shown === '') return;
    skipsSpace = false;
    if (mode === 'content') hasContent = true;
    const logprobs = heldLogprobs;
    heldLogprobs = [];
    events.push({
      type: 'delta',
      channel: mode === 'reasoning' ? 'reasoning' : 'content',
      text: shown,
      tokens: takeTokens(),
      ...(logprobs.length > 0 && { logprobs }),
    });
  };
  /** Emits `text` up to `index`; whitespace at its end waits where a mark may follow it. */
  const emitTo = (index: number, holdsSpace: boolean): void => {
    const ready = text.slice(0, index);
    const kept = holdsSpace ? ready.trimEnd() : ready;
    emit(kept);
    text = text.slice(kept.length);
  };
  const enter = (next: AnswerMode, consumed: number): void => {
    text = text.slice(consumed);
    mode = next;
    skipsSpace = true;
  };

  const readReasoning = (close: string): boolean => {
    const { index, marker } = findMarker(text, [close]);
    if (marker === undefined) {
      emitTo(index, true);
      return false;
    }
    emit(text.slice(0, index).trimEnd());
    enter('content', index + marker.length);
    return true;
  };

  const readContent = (): boolean => {
    const mayThink = reasoning !== undefined && !hasContent && calls === 0;
    const isBareOpen = tools?.isBare === true && !hasContent && text.trimStart().startsWith(tools.open);
    if (tools !== undefined && isBareOpen) {
      enterTool(tools, text.length - text.trimStart().length, '');
      return true;
    }
    const toolOpen = tools?.isBare === false ? [tools.open] : [];
    const { index, marker } = findMarker(text, [...stop, ...toolOpen, ...(mayThink ? [reasoning.open] : [])]);
    if (marker === undefined) {
      emitTo(index, tools !== undefined);
      return false;
    }
    if (stop.includes(marker)) {
      emit(text.slice(0, index));
      text = '';
      stoppedBy = marker;
      return false;
    }
    if (mayThink && marker === reasoning.open && text.slice(0, index).trim() === '') {
      enter('reasoning', index + marker.length);
      return true;
    }
    if (marker === tools?.open) {
      emit(text.slice(0, index).trimEnd());
      enterTool(tools, index + marker.length, marker);
      return true;
    }
    emitTo(index + marker.length, false); // a thinking mark in the middle of an answer is text
    return true;
  };
  const enterTool = (style: ToolStyle, consumed: number, opening: string): void => {
    enter('tool', consumed);
    reader = createCallReader(style, opening, calls);
  };

  const readTool = (): boolean => {
    if (reader === undefined) return false;
    for (const piece of reader.push(text)) {
      if (piece.name !== undefined) calls = piece.index + 1;
      events.push({
        type: 'tool-call',
        index: piece.index,
        id:
          piece.name === undefined
            ? (callIds[piece.index] ?? '')
            : (callIds[piece.index] = shape.newCallId()),
        name: piece.name ?? callNames[piece.index] ?? '',
        argumentsDelta: piece.argumentsDelta,
        tokens: takeTokens(),
      });
      if (piece.name !== undefined) callNames[piece.index] = piece.name;
    }
    text = '';
    if (reader.state === 'open') return false;
    const { rest, state, fed } = reader;
    reader = undefined;
    mode = 'content';
    skipsSpace = state === 'done';
    text = state === 'done' ? rest : fed;
    if (state === 'broken') {
      // not a call after all: what looked like one is text
      emit(text);
      text = '';
    }
    return text !== '';
  };
  const callIds: string[] = [];
  const callNames: string[] = [];

  const drain = (): void => {
    let goesOn = true;
    while (goesOn && stoppedBy === undefined) {
      if (mode === 'reasoning' && reasoning !== undefined) goesOn = readReasoning(reasoning.close);
      else if (mode === 'tool') goesOn = readTool();
      else goesOn = readContent();
    }
  };
  const takeEvents = (): readonly AnswerEvent[] => {
    const taken = events;
    events = [];
    return taken;
  };

  return {
    push: (bytes, logprob) => {
      heldTokens += 1;
      if (logprob !== undefined) heldLogprobs.push(logprob);
      if (mode === 'reasoning') reasoningTokens += 1;
      text += decoder.decode(bytes, { stream: true });
      if (text !== '') drain();
      return takeEvents();
    },
    end: () => {
      if (stoppedBy !== undefined) return takeEvents();
      text += decoder.decode();
      drain();
      if (mode === 'tool' && reader !== undefined) {
        const { fed, isNamed } = reader;
        mode = 'content';
        if (!isNamed) emit(fed);
      } else emit(mode === 'reasoning' ? text.trimEnd() : text);
      text = '';
      return takeEvents();
    },
    get isStopped() {
      return stoppedBy !== undefined;
    },
    get stoppedBy() {
      return stoppedBy;
    },
    get mode() {
      return mode;
    },
    get hasCalls() {
      return calls > 0;
    },
    get reasoningTokens() {
      return reasoningTokens;
    },
  };
};
