/** The topology as a picture: every box is a link that the keyboard reaches; zoomed by buttons, scrolled as any page. */
import type { TopologyVpc } from "@kubev/api-types/topology";
import { Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, useCallback, useMemo, useState } from "react";
import { useGo } from "../../components/use-place.ts";
import { formatCount, formatPercent } from "../../format/numbers.ts";
import { IconButton } from "../../ui/Button.tsx";
import { machinePath, subnetPath, vpcPath, wayOutPath, wayOutWords } from "./topology-words.ts";
import { type Box, layoutTopology } from "./topology-layout.ts";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;
const zooms = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;
/** Of the frame around the picture, left and right. */
const padding = 34;
const nameLimit = 24;
const short = (text: string) => (text.length > nameLimit ? `${text.slice(0, nameLimit - 1)}…` : text);

interface NodeProps {
  box: Box;
  title: string;
  line: string;
  to: string | undefined;
  strong?: boolean;
}

function useLink(to: string | undefined) {
  const go = useGo();
  if (to === undefined) return {};
  return {
    href: to,
    onClick: (event: MouseEvent | KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      go(to);
    },
  };
}

function Node({ box, title, line, to, strong = false }: NodeProps) {
  return (
    <a {...useLink(to)}>
      <title>{`${title}\n${line}`}</title>
      <rect
        {...box}
        rx={6}
        className={strong ? "fill-selected stroke-accent" : "fill-raised stroke-control"}
        strokeWidth={1}
      />
      <text x={box.x + 10} y={box.y + 18} className="fill-content text-xs font-medium">
        {short(title)}
      </text>
      <text x={box.x + 10} y={box.y + 34} className="fill-secondary text-[11px]">
        {short(line)}
      </text>
    </a>
  );
}

function Machine({ box, title, to }: { box: Box; title: string; to: string }) {
  return (
    <a {...useLink(to)} aria-label={title}>
      <title>{title}</title>
      <rect {...box} rx={3} className="fill-accent stroke-surface" />
    </a>
  );
}

function Line({ from, to }: { from: Box; to: Box }) {
  const x1 = from.x + from.width;
  const y1 = from.y + from.height / 2;
  const y2 = to.y + to.height / 2;
  const middle = (x1 + to.x) / 2;
  return (
    <path
      d={`M ${x1} ${y1} C ${middle} ${y1}, ${middle} ${y2}, ${to.x} ${y2}`}
      className="fill-none stroke-control"
      strokeWidth={1}
    />
  );
}

/** Where more than this is free, a picture larger than its own size is easier to read. */
const wideRoom = 1600;

/** The largest zoom at which the whole width is seen; the smallest where none is. */
function fittingZoom(width: number, room: number): (typeof zooms)[number] {
  const most = room > wideRoom ? 1.25 : 1;
  return zooms.findLast((zoom) => zoom <= most && width * zoom <= room) ?? zooms[0];
}

interface TopologyCanvasProps {
  vpcs: readonly TopologyVpc[];
  project: string | undefined;
}

export function TopologyCanvas({ vpcs, project }: TopologyCanvasProps) {
  // none chosen: as much as the room takes
  const [chosen, setZoom] = useState<number | null>(null);
  const [room, setRoom] = useState(0);
  const measure = useCallback((frame: HTMLElement | null) => {
    if (frame === null) return;
    const observer = new ResizeObserver(() => setRoom(frame.clientWidth - padding));
    observer.observe(frame);
    return () => observer.disconnect();
  }, []);
  const layout = useMemo(() => layoutTopology(vpcs), [vpcs]);
  const zoom = chosen ?? (room === 0 ? 1 : fittingZoom(layout.width + 2, room));
  const step = (by: 1 | -1) => {
    const at = zooms.findIndex((one) => one === zoom);
    setZoom(zooms[Math.min(zooms.length - 1, Math.max(0, at + by))] ?? 1);
  };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex items-center gap-1">
        <IconButton aria-label="Zoom out" icon={<ZoomOut {...icon} />} onClick={() => step(-1)} />
        <span className="tabular w-14 text-center text-secondary" role="status">
          {formatPercent(zoom * 100)}
        </span>
        <IconButton aria-label="Zoom in" icon={<ZoomIn {...icon} />} onClick={() => step(1)} />
        <IconButton aria-label="Fit the width" icon={<Maximize {...icon} />} onClick={() => setZoom(null)} />
      </div>
      <section
        ref={measure}
        aria-label="Picture of the networks"
        tabIndex={0} // oxlint-disable-line jsx-a11y/no-noninteractive-tabindex -- a scrolled region must take the focus
        className="max-h-[70vh] overflow-auto rounded-md border border-stroke bg-surface p-4"
      >
        <svg
          width={(layout.width + 2) * zoom}
          height={(layout.height + 2) * zoom}
          viewBox={`-1 -1 ${layout.width + 2} ${layout.height + 2}`}
          role="group"
          aria-label="Networks"
        >
          {layout.vpcs.flatMap((vpc) => [
            ...vpc.waysOut.map(({ box, of }) => (
              <Line key={`${vpc.of.name}-${of.kind}-${of.name}`} from={box} to={vpc.box} />
            )),
            ...vpc.subnets.map(({ box, of }) => (
              <Line key={`${vpc.of.name}-${of.name}`} from={vpc.box} to={box} />
            )),
          ])}
          {layout.vpcs.map((vpc) => (
            <g key={vpc.of.name}>
              {vpc.waysOut.map(({ box, of }) => (
                <Node
                  key={`${of.kind}-${of.name}`}
                  box={box}
                  title={of.name}
                  line={[wayOutWords[of.kind], ...of.addresses].join(" · ")}
                  to={project === undefined ? wayOutPath(of) : undefined}
                />
              ))}
              <Node
                box={vpc.box}
                title={vpc.of.name}
                line="VPC"
                to={project === undefined ? vpcPath(vpc.of) : undefined}
                strong
              />
              {vpc.subnets.map((subnet) => (
                <g key={subnet.of.name}>
                  <Node
                    box={subnet.box}
                    title={subnet.of.name}
                    line={subnet.of.cidrs.join(", ")}
                    to={subnetPath(subnet.of, project)}
                  />
                  {subnet.machines.map(({ box, of }) => (
                    <Machine
                      key={`${of.project}/${of.name}`}
                      box={box}
                      title={`${of.name}, ${of.ips.join(", ")}`}
                      to={machinePath(of)}
                    />
                  ))}
                  {subnet.of.machineCount > subnet.machines.length ? (
                    <text
                      x={subnet.box.x + subnet.box.width + 40}
                      y={subnet.box.y + 27}
                      className="fill-secondary text-xs"
                    >
                      {`${formatCount(subnet.of.machineCount)} machines`}
                    </text>
                  ) : null}
                </g>
              ))}
            </g>
          ))}
        </svg>
      </section>
    </div>
  );
}
