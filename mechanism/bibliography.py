"""The works that rules cite, by author and year."""

from __future__ import annotations

from mechanism.errors import UnknownId

WORKS: dict[str, str] = {
    "Aggarwal, Goel, Motwani 2006": "Aggarwal, Goel, Motwani, Truthful Auctions for Pricing Search Keywords, EC 2006",
    "Ausubel, Milgrom 2002": "Ausubel, Milgrom, Ascending Auctions with Package Bidding, Frontiers of Theoretical Economics 1, 2002",
    "Ausubel, Milgrom 2006": "Ausubel, Milgrom, The Lovely but Lonely Vickrey Auction, in Combinatorial Auctions, 2006",
    "Babaioff, Nisan 2004": "Babaioff, Nisan, Concurrent Auctions Across the Supply Chain, JAIR 21, 2004",
    "Baye, Kovenock, de Vries 1996": "Baye, Kovenock, de Vries, The All-Pay Auction with Complete Information, Economic Theory 8, 1996",
    "Beck, Ott 2013": "Beck, Ott, Revenue Monotonicity in Core-Selecting Package Auctions, 2013",
    "Borodin, Lucier 2010": "Borodin, Lucier, Price of Anarchy for Greedy Auctions, SODA 2010",
    "Caminati et al. 2015": "Caminati, Kerber, Lange, Rowat, Sound Auction Specification and Implementation, EC 2015",
    "Chatterjee, Samuelson 1983": "Chatterjee, Samuelson, Bargaining under Incomplete Information, Operations Research 31, 1983",
    "Chawla et al. 2010": "Chawla, Hartline, Malec, Sivan, Multi-Parameter Mechanism Design and Sequential Posted Pricing, STOC 2010",
    "Che 1993": "Che, Design Competition through Multidimensional Auctions, RAND 24, 1993",
    "Clarke 1971": "Clarke, Multipart Pricing of Public Goods, Public Choice 11, 1971",
    "Demange, Gale 1985": "Demange, Gale, The Strategy Structure of Two-Sided Matching Markets, Econometrica 53, 1985",
    "Demange, Gale, Sotomayor 1986": "Demange, Gale, Sotomayor, Multi-Item Auctions, JPE 94, 1986",
    "Edelman, Ostrovsky, Schwarz 2007": "Edelman, Ostrovsky, Schwarz, Internet Advertising and the Generalized Second-Price Auction, AER 97, 2007",
    "Goldberg, Hartline 2005": "Goldberg, Hartline, Collusion-Resistant Mechanisms for Single-Parameter Agents, SODA 2005",
    "Graham, Marshall 1987": "Graham, Marshall, Collusive Bidder Behavior at Single-Object Second-Price and English Auctions, JPE 95, 1987",
    "Green, Laffont 1979a": "Green, Laffont, On Coalition Incentive Compatibility, RES 46, 1979",
    "Green, Laffont 1979b": "Green, Laffont, Incentives in Public Decision-Making, 1979",
    "Groves 1973": "Groves, Incentives in Teams, Econometrica 41, 1973",
    "Hagerty, Rogerson 1987": "Hagerty, Rogerson, Robust Trading Mechanisms, JET 42, 1987",
    "Kagel, Levin 1993": "Kagel, Levin, Independent Private Value Auctions: Bidder Behaviour in First-, Second- and Third-Price Auctions, Economic J. 103, 1993",
    "Krishna 2009": "Krishna, Auction Theory, 2nd ed., 2009",
    "Lehmann, O'Callaghan, Shoham 2002": "Lehmann, O'Callaghan, Shoham, Truth Revelation in Approximately Efficient Combinatorial Auctions, JACM 49, 2002",
    "Leonard 1983": "Leonard, Elicitation of Honest Preferences for the Assignment of Individuals to Positions, JPE 91, 1983",
    "McAfee 1992": "McAfee, A Dominant Strategy Double Auction, JET 56, 1992",
    "Monderer, Tennenholtz 2000": "Monderer, Tennenholtz, k-Price Auctions, GEB 31, 2000",
    "Myerson 1981": "Myerson, Optimal Auction Design, MOR 6, 1981",
    "Myerson, Satterthwaite 1983": "Myerson, Satterthwaite, Efficient Mechanisms for Bilateral Trading, JET 29, 1983",
    "Nisan et al. 2007": "Nisan, Roughgarden, Tardos, Vazirani (eds.), Algorithmic Game Theory, 2007",
    "Papai 2003": "Papai, Groves Sealed Bid Auctions of Heterogeneous Objects with Fair Prices, SCW 20, 2003",
    "Rastegari, Condon, Leyton-Brown 2011": "Rastegari, Condon, Leyton-Brown, Revenue Monotonicity in Deterministic, Dominant-Strategy Combinatorial Auctions, AIJ 175, 2011",
    "Riley, Samuelson 1981": "Riley, Samuelson, Optimal Auctions, AER 71, 1981",
    "Roberts 1979": "Roberts, The Characterization of Implementable Choice Rules, 1979",
    "Varian 2007": "Varian, Position Auctions, IJIO 25, 2007",
    "Vickrey 1961": "Vickrey, Counterspeculation, Auctions, and Competitive Sealed Tenders, J. Finance 16, 1961",
    "Yokoo, Sakurai, Matsubara 2001": "Yokoo, Sakurai, Matsubara, Robust Double Auction Protocol against False-Name Bids, ICDCS 2001",
    "Yokoo, Sakurai, Matsubara 2004": "Yokoo, Sakurai, Matsubara, The Effect of False-Name Bids in Combinatorial Auctions, GEB 46, 2004",
    "Zhou et al. 2026": "Zhou, Lan, Yang, Wang, Li, Li, Lyu, Frontiers in Physics 13:1617607, 2026, doi:10.3389/fphy.2025.1617607",
}  # fmt: skip


def works(*keys: str) -> tuple[str, ...]:
    """The full titles of works, for a rule's references.

    Examples
    --------
    >>> works("Clarke 1971")
    ('Clarke, Multipart Pricing of Public Goods, Public Choice 11, 1971',)
    """
    for key in keys:
        if key not in WORKS:
            raise UnknownId("work", key, WORKS)
    return tuple(WORKS[key] for key in keys)


def cited(text: str) -> list[str]:
    """The works that a remark cites: ``"McAfee 1992, Sec. 2"`` cites one."""
    return [key for key in WORKS if key in text]
