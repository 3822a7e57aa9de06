/** Puts a text on the clipboard and says so. */
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, IconButton } from "./Button.tsx";

interface CopyButtonProps {
  text: string;
  /** The button's words; `iconOnly` shows them as its name. */
  label: string;
  iconOnly?: boolean | undefined;
  size?: "md" | "sm" | undefined;
}

export function CopyButton({ text, label, iconOnly = false, size = "md" }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  const icon = copied ? (
    <Check size={14} strokeWidth={1.75} aria-hidden />
  ) : (
    <Copy size={14} strokeWidth={1.5} aria-hidden />
  );
  return iconOnly ? (
    <IconButton aria-label={copied ? "Copied" : label} icon={icon} size={size} onClick={copy} />
  ) : (
    <Button icon={icon} size={size} onClick={copy} aria-live="polite">
      {copied ? "Copied" : label}
    </Button>
  );
}
