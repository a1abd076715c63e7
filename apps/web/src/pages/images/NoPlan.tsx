/** The fourth view of a study without a plan: what belongs here. */
export function NoPlan({ plans }: { readonly plans: number }) {
  return (
    <div className="view view-none">
      <p>
        <strong>Beam’s eye view</strong>
      </p>
      <p>{plans === 0 ? "No plan lies with these images. With one, a radiograph from the CT stands here with jaws, leaves, target and organs; drop its RTPLAN on the page." : "The plans of this case belong to other images."}</p>
    </div>
  );
}
