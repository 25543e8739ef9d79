"""`sladd.yaml`: structure, types and defaults. Names of plug-ins are checked by `pipeline.bind`.

Unknown keys are refused with file, line and the nearest allowed key. `${NAME}` reads the
environment (or the `secret` callable); a missing one is an error.
"""

from sladd.channels import ChannelConfig, MailConfig, NotifyConfig, WebhookConfig
from sladd.config.config import Config
from sladd.config.controller import ControllerConfig, NoticeConfig
from sladd.config.detection import DetectionConfig
from sladd.config.guarantee import BudgetConfig, GuaranteeConfig, HierarchyConfig, LadderConfig
from sladd.config.keys import KeyConfig
from sladd.config.reading import SecretReader, load_config
from sladd.config.releases import IncrementalConfig, ReleaseConfig, RuleConfig, SampleConfig
from sladd.config.retention import RetentionConfig
from sladd.config.review import ProxyConfig, ReviewConfig
from sladd.config.runner import ClusterConfig
from sladd.config.sources import SourceConfig
from sladd.config.tables import PerPersonConfig, TableConfig
from sladd.config.tokens import RevealConfig, VaultConfig

__all__ = [
    "BudgetConfig",
    "ChannelConfig",
    "ClusterConfig",
    "Config",
    "ControllerConfig",
    "DetectionConfig",
    "GuaranteeConfig",
    "HierarchyConfig",
    "IncrementalConfig",
    "KeyConfig",
    "LadderConfig",
    "MailConfig",
    "NoticeConfig",
    "NotifyConfig",
    "PerPersonConfig",
    "ProxyConfig",
    "ReleaseConfig",
    "RetentionConfig",
    "RevealConfig",
    "ReviewConfig",
    "RuleConfig",
    "SampleConfig",
    "SecretReader",
    "SourceConfig",
    "TableConfig",
    "VaultConfig",
    "WebhookConfig",
    "load_config",
]
