import { Button, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../../live/use-action.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import lab from '../lab.module.css';
import type { JudgementForm } from './judgement.ts';

const USUAL_TOP_K = 64;

interface PackFormProps {
  readonly form: JudgementForm;
  readonly base: string;
  readonly isBusy: boolean;
  /** The pack is being written to this path. */
  readonly onWrite: (path: string) => void;
}

/** Writes what the base predicts on the text, so that quantizations can be judged where the base is not. */
export const PackForm = ({ form, base, isBusy, onWrite }: PackFormProps) => {
  const { client, notices, queries } = useServices();
  const dataFolder = useQuery(queries.info()).data?.dataFolder ?? '';
  const [topK, setTopK] = useState(USUAL_TOP_K);
  const [typed, setTyped] = useState<string | null>(null);
  const slash = dataFolder.includes('\\') ? '\\' : '/';
  const out = typed ?? [dataFolder, 'packs', `${base}.pack`].join(slash);
  const write = useAction(async () => {
    const path = out.trim();
    await client.quality.pack({
      base,
      out: path,
      topK,
      text: form.text.trim() === '' ? 'bundled' : form.text.trim(),
      ...(form.maxWindows !== null && { maxWindows: form.maxWindows }),
    });
    notices.done(`The pack of ${base} is being written: follow it in the bar above.`);
    onWrite(path);
  });
  return (
    <>
      <div className={lab.form}>
        <NumberInput
          label="Tokens per position"
          description="The most likely ones; the rest is one number"
          min={1}
          max={4096}
          allowDecimal={false}
          value={topK}
          onChange={(value) => setTopK(typeof value === 'number' ? value : USUAL_TOP_K)}
        />
        <TextInput
          label="Pack file"
          description="On the machine that runs Dyno"
          value={out}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button
          variant="default"
          onClick={() => write.run()}
          loading={write.isRunning}
          disabled={isBusy || out.trim() === '' || topK < 1}
        >
          Write the pack
        </Button>
      </div>
      <p className={lab.note}>
        Of {base}, on the text and windows above. The tokens of the text are in the pack.
      </p>
    </>
  );
};
