import type { RecordedChoice, RecordedRequest, RecordingStatus } from '../../../shared/contract/recording.ts';
import type { ServerRequest } from '../../../shared/contract/server.ts';
import {
  formatCount,
  formatCounted,
  formatDuration,
  formatFigure,
  UNKNOWN,
} from '../../../shared/units/format.ts';
import { renderTable } from './table.ts';

export const renderRequests = (requests: readonly ServerRequest[]): string =>
  requests.length === 0
    ? 'The server of the host that answers here has no requests.'
    : renderTable<ServerRequest>(
        [
          { head: 'id', cell: ({ id }) => id },
          { head: 'key', cell: ({ keyName }) => keyName ?? UNKNOWN },
          { head: 'route', cell: ({ route }) => route },
          { head: 'phase', cell: ({ phase }) => phase },
          { head: 'status', align: 'right', cell: ({ status }) => String(status ?? UNKNOWN) },
          { head: 'prompt', align: 'right', cell: (request) => formatCount(request.promptTokens) },
          { head: 'cached', align: 'right', cell: (request) => formatCount(request.cachedTokens) },
          { head: 'output', align: 'right', cell: (request) => formatCount(request.outputTokens) },
          { head: 'queue', align: 'right', cell: (request) => formatDuration(request.queueMs) },
          { head: 'TTFT', align: 'right', cell: (request) => formatDuration(request.ttftMs) },
          { head: 'tokens/s', align: 'right', cell: (request) => formatFigure(request.tokensPerSecond) },
          { head: 'total', align: 'right', cell: (request) => formatDuration(request.totalMs) },
        ],
        requests,
      );

const cut = (isCut: boolean): string => (isCut ? '\n[the rest was not kept]' : '');

const choiceText = (choice: RecordedChoice, index: number): string => {
  const { prompt, pieces } = choice;
  const asked =
    prompt === null
      ? 'The engine did not begin on it.'
      : prompt.type === 'failed'
        ? `The prompt could not be told: ${prompt.reason}`
        : `${prompt.text}${cut(prompt.isCut)}`;
  const answer = pieces.map(({ text }) => text).join('');
  const tokens = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
  return [
    `--- answer ${index + 1}: prompt as the engine read it`,
    asked,
    `--- answer ${index + 1}: ${formatCounted(tokens, 'token')}, ${choice.finishReason ?? 'not ended'}`,
    `${answer}${cut(choice.isCut)}`,
  ].join('\n');
};

export const renderRecorded = ({ requestId, body, choices }: RecordedRequest): string =>
  [`--- ${requestId}: body`, `${body.text}${cut(body.isCut)}`, ...choices.map(choiceText)].join('\n');

export const renderRecording = ({ isOn, kept, limit }: RecordingStatus): string =>
  isOn
    ? `Recording: what requests say and are answered is kept in memory, the newest ${limit}; ${kept} are there now.`
    : 'Not recording; nothing that requests said is kept.';
