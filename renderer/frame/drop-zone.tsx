import { useEffect, useEffectEvent, useState } from 'react';
import { useOpenResult } from '../pages/bench/report/use-open-result.ts';
import { useServices } from '../services-context.ts';
import { pathOfDroppedFile } from '../transport/desktop-bridge.ts';
import { toProblem } from '../transport/problem.ts';
import classes from './drop-zone.module.css';

/**
 * A GGUF dropped anywhere joins the library, where it lies; a browser hides the path, so there the user is asked. Any
 * other file is a result: a report to be checked, or a run to be imported.
 */
export const DropZone = () => {
  const { client, dialogs, notices, router } = useServices();
  const [isOver, setOver] = useState(false);
  const { run: openResult } = useOpenResult();
  const takeResult = useEffectEvent(openResult);

  useEffect(() => {
    const take = async (file: File): Promise<void> => {
      if (!/\.gguf$/i.test(file.name)) {
        takeResult(file);
        return;
      }
      const path = pathOfDroppedFile(file);
      if (path === null) {
        dialogs.open({ type: 'add-model', tab: 'path', fileName: file.name });
        return;
      }
      const model = await client.models.import({ path });
      notices.done(`${model.id} is in the library.`);
      router.go({ page: 'models', modelId: model.id });
    };
    const listening = new AbortController();
    const on = (type: 'dragover' | 'dragleave' | 'drop', act: (event: DragEvent) => void): void =>
      window.addEventListener(type, act, { signal: listening.signal });

    on('dragover', (event) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      // a part of the page takes the file itself
      if (event.defaultPrevented) {
        setOver(false);
        return;
      }
      event.preventDefault();
      setOver(true);
    });
    on('dragleave', (event) => {
      if (event.relatedTarget === null) setOver(false);
    });
    on('drop', (event) => {
      setOver(false);
      if (event.defaultPrevented) return;
      event.preventDefault();
      for (const file of event.dataTransfer?.files ?? []) {
        take(file).catch((error: unknown) => notices.problem(toProblem(error)));
      }
    });
    return () => listening.abort();
  }, [client, dialogs, notices, router]);

  return isOver ? (
    <div className={classes.zone} aria-hidden>
      <p>Drop a GGUF file to add it to the library, or a result of another tool to import it.</p>
    </div>
  ) : null;
};
