// The link to the other language leads to the place where the reader is: to the label in the
// address while it is in sight, and else to the section that is read. Sections are named otherwise
// in each language, so the address says which one it is ("#~3"); who arrives there goes to it.
{
  const PLACE = /^#~(\d+)$/;
  const sections = () => [...document.querySelectorAll("article.bd-article section")];

  const arrive = () => {
    const found = PLACE.exec(location.hash);
    const section = found && sections()[Number(found[1])];
    if (!section) return;
    history.replaceState(null, "", `#${section.id}`);
    section.scrollIntoView();
  };

  const place = () => {
    const asked = decodeURIComponent(location.hash.slice(1));
    const target = asked && document.getElementById(asked);
    const all = sections();
    if (target) {
      const { top, bottom } = target.getBoundingClientRect();
      const number = all.indexOf(target);
      if (number < 0 && bottom > 0 && top < innerHeight) return location.hash;
      if (number > 0 && top > -1 && top < innerHeight) return `#~${number}`;
    }
    const begun = (section) => section.getBoundingClientRect().top < innerHeight / 3;
    const read = all.findLastIndex(begun);
    return read > 0 ? `#~${read}` : "";
  };

  const link = document.querySelector(".language-switch");
  const aim = () => {
    link.hash = place();
  };
  if (link) for (const event of ["pointerdown", "focus", "click"]) link.addEventListener(event, aim);
  addEventListener("hashchange", arrive);
  arrive();
}
