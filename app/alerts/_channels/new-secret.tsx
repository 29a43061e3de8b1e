import { Button } from '../../_ui/button.tsx';
import { CopyButton } from '../../_ui/copy-button.tsx';

/** The signing secret of a channel that was just made; it is not shown again. */
export function NewSecret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  return (
    <div role="status" className="rounded-lg border border-accent-line bg-accent-soft p-3 text-xs">
      <p className="font-medium">The channel’s signing secret. It is shown this once.</p>
      <p className="mt-1.5 flex items-center gap-1">
        <code className="min-w-0 break-all font-mono">{secret}</code>
        <CopyButton text={secret} label="Copy the secret" />
      </p>
      <p className="mt-1.5 text-muted">
        Verify <code>webhook-id</code>, <code>webhook-timestamp</code> and <code>webhook-signature</code> with it; every language
        has a Standard Webhooks package. A message may come twice after a crash: its <code>webhook-id</code> is the same.
      </p>
      <Button className="mt-2" onClick={onClose}>
        I have it
      </Button>
    </div>
  );
}
