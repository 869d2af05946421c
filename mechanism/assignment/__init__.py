"""Goods for unit-demand agents: the best assignment and every Clarke payment, exactly."""

from mechanism.assignment.vcg import Assignment, CertificateError, vcg_assignment

__all__ = ["Assignment", "CertificateError", "vcg_assignment"]
