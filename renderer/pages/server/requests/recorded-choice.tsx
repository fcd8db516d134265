import type { RecordedChoice, RecordedPrompt } from '../../../../shared/contract/recording.ts';
import { formatCount, formatCounted, formatFigure } from '../../../../shared/units/format.ts';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { FoldPanel } from '../../../ui/fold-panel.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import classes from './request-dialog.module.css';
import { textOf, timePieces, type TimedPiece } from './recorded-pieces.ts';

const columns: readonly Column<TimedPiece>[] = [
  { id: 'n', title: '#', isNumeric: true, isRowHeader: true, render: ({ index }) => formatCount(index + 1) },
  {
    id: 'at',
    title: 'At, ms',
    isNumeric: true,
    render: ({ atMs }) => formatFigure(atMs),
    sortBy: ({ atMs }) => atMs,
  },
  {
    id: 'gap',
    title: 'After, ms',
    isNumeric: true,
    render: ({ gapMs }) => (gapMs === null ? <Unknown reason="the first piece" /> : formatFigure(gapMs)),
    sortBy: ({ gapMs }) => gapMs,
  },
  { id: 'tokens', title: 'Tokens', isNumeric: true, render: ({ tokens }) => formatCount(tokens) },
  { id: 'channel', title: 'Channel', render: ({ channel }) => channel },
  { id: 'text', title: 'Text', render: ({ text }) => <span className="mono">{JSON.stringify(text)}</span> },
];

const Cut = ({ isCut }: { readonly isCut: boolean }) =>
  isCut ? <p className={classes.note}>The rest was longer than what is kept.</p> : null;

const Prompt = ({ prompt }: { readonly prompt: RecordedPrompt | null }) => {
  if (prompt === null) return <p className={classes.note}>The engine did not begin on it.</p>;
  if (prompt.type === 'failed') return <p className={classes.note}>It could not be told: {prompt.reason}</p>;
  return (
    <>
      {prompt.tokens === null ? null : (
        <p className={classes.note}>{formatCounted(prompt.tokens, 'token')} by the model’s own tokenizer.</p>
      )}
      <CodeBlock text={prompt.text} what="rendered prompt" />
      <Cut isCut={prompt.isCut} />
    </>
  );
};

/** One answer of a recorded request: what the engine read, what it made, and when. */
export const RecordedChoiceView = ({
  choice,
  name,
}: {
  readonly choice: RecordedChoice;
  /** `Answer`, or `Answer 2` where there are several. */
  readonly name: string;
}) => {
  const { pieces, prompt } = choice;
  const tokens = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
  const parts = [
    ['reasoning', textOf(pieces, 'reasoning')],
    ['content', textOf(pieces, 'content')],
    ['tool calls', textOf(pieces, 'tool-call')],
  ] as const;
  return (
    <>
      <Panel title={`${name}: prompt as the engine read it`}>
        <Prompt prompt={prompt} />
      </Panel>
      <Panel title={name}>
        <p className={classes.note}>
          {formatCounted(tokens, 'token')} in {formatCounted(pieces.length, 'piece')}; ended by{' '}
          {choice.finishReason ?? 'nothing yet'}.
        </p>
        {parts.map(([what, text]) => (text === '' ? null : <CodeBlock key={what} text={text} what={what} />))}
        <Cut isCut={choice.isCut} />
      </Panel>
      {pieces.length === 0 ? null : (
        <FoldPanel
          title={`${name}: piece by piece`}
          note="When each piece was made, and how long after the one before."
        >
          <DataTable
            label={`${name}, piece by piece`}
            columns={columns}
            rows={timePieces(pieces)}
            rowKey={({ index }) => String(index)}
          />
        </FoldPanel>
      )}
    </>
  );
};
